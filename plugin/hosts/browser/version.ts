/** Written by "npm run write:generated". */
export const version = '0.1.0';
