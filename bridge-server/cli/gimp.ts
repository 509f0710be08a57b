import type { Command } from 'commander';
import { gimpPlugInFolders, hereAndNow } from './gimpFolders';
import { plugInCommand } from './plugInCommand';
import { gimpPlugIn } from './pythonPlugIn';

export const gimpCommand = (write: (line: string) => void): Command =>
  plugInCommand(
    {
      plugIn: gimpPlugIn,
      folders: () => gimpPlugInFolders(hereAndNow()),
      next: 'Restart GIMP: the filters are in Filters › pSp Layers.',
    },
    write,
  );
