import { readFileSync } from 'node:fs';
import { formatOperations, operationsFile, packageVersion } from '../../scripts/writeOperations';

test("GIMP's file of operations is what the declarations say (npm run write:operations)", () => {
  const written = readFileSync(operationsFile, 'utf8');
  expect(written).toBe(formatOperations(packageVersion('.')));
});
