import { readFileSync } from 'node:fs';
import { generate, generated } from '../../scripts/writeGenerated';

test.each(Object.keys(generated))(
  '%s is what the declarations and the version say (npm run write:generated)',
  (file) => {
    expect(readFileSync(file, 'utf8')).toBe(generate('.', file));
  },
);
