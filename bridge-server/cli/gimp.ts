import type { Command } from 'commander';
import { gimpPlugInFolders, hereAndNow } from './gimpFolders';
import { plugInCommand, type EditorWithPlugIn } from './plugInCommand';
import { gimpPlugIn } from './pythonPlugIn';

export const gimp: EditorWithPlugIn = {
  plugIn: gimpPlugIn,
  folders: () => gimpPlugInFolders(hereAndNow()),
  next: 'Restart GIMP: the filters are in Filters › pSp Layers.',
};

export const gimpCommand = (write: (line: string) => void): Command => plugInCommand(gimp, write);
