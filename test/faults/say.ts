/** A figure for the terminal, and for docs/reliability.md. */
export const say = (figure: string): void => void process.stdout.write(`  ${figure}\n`);
