import { Command } from 'commander';
import { operations } from '../../../bridge-server/operations/registry';
import { addParameterOptions, parameterValues } from '../../../bridge-server/cli/parameterOptions';

function typed(...words: string[]): ReturnType<typeof parameterValues> {
  const command = addParameterOptions(new Command(), operations.declarations);
  return parameterValues(command.parse(words, { from: 'user' }).opts(), operations.declarations);
}

test('only what was typed is a parameter: an operation without switches is not handed any', () => {
  expect(typed()).toEqual({});
  expect(typed('--no-match-grain')).toEqual({ matchGrain: false });
  expect(typed('--alpha', '0.5', '--styles', 'coarse, fine')).toEqual({
    alpha: 0.5,
    styles: ['coarse', 'fine'],
  });
});

test('what is no number is left for the declaration to name', () => {
  expect(typed('--alpha', 'much')).toEqual({ alpha: 'much' });
});

test('every parameter can be set by its name, as often as wanted; the last one counts', () => {
  const words = ['smile=0.6', 'head=-10', 'matchGrain=false', 'styles=coarse,fine', 'smile=0.7'];
  expect(typed(...words.flatMap((word) => ['--set', word]))).toEqual({
    smile: 0.7,
    head: -10,
    matchGrain: false,
    styles: ['coarse', 'fine'],
  });
  expect(typed('--set', 'colour=red')).toEqual({ colour: 'red' });
});
