import { processTerminal } from '../../bridge-server/cli/terminal';
import { benchClick } from './click';
import { benchEnlarge } from './enlarge';
import { benchFaces } from './faces';
import type { Figure } from './figure';
import { benchFit } from './fit';
import { benchNetworks } from './networks';
import { benchPsd } from './psd';
import { benchServer } from './server';
import { benchStudio } from './studio';
import { benchTorch } from './torch';

/** `npm run bench [-- NAME …]`: every figure that the docs claim, measured on this machine in one run. */
const benches: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  click: benchClick,
  enlarge: benchEnlarge,
  faces: benchFaces,
  fit: benchFit,
  networks: benchNetworks,
  psd: benchPsd,
  server: benchServer,
  studio: benchStudio,
  torch: benchTorch,
};

async function main(names: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const bench = benches[name];
    if (!bench)
      throw new Error(`No bench "${name}". There are ${Object.keys(benches).join(', ')}.`);
    terminal.out(`\n${name}`);
    for (const figure of await bench()) {
      terminal.out(`  ${figure.name.padEnd(48)} ${figure.value.toPrecision(3)} ${figure.unit}`);
    }
  }
}

void main(process.argv.slice(2));
