import type { SelfCheckReport } from '../../../panel';
import { byHand } from './apiNames';

export interface Finding {
  readonly name: string;
  readonly works: boolean;
  /** What was seen. */
  readonly words: string;
  readonly milliseconds: number;
}

/** One way to the bridge is enough: the others stand in the report. */
const isWay = ({ name }: Finding): boolean => name.startsWith('The bridge at ');

/** What a person saves and sends. */
export function reportOf(about: string, findings: readonly Finding[]): SelfCheckReport {
  const reached = findings.some((finding) => isWay(finding) && finding.works);
  const failed = findings.filter((finding) => !finding.works && !(isWay(finding) && reached));
  const lines = [
    'pSp Layers: check of Photoshop',
    about,
    failed.length === 0
      ? 'Everything works.'
      : `${failed.length} of ${findings.length} do not work.`,
    '',
    ...findings.flatMap((finding) => {
      const mark = finding.works ? 'works' : failed.includes(finding) ? 'FAILS' : 'spare';
      const time = Math.round(finding.milliseconds);
      return [`${mark}  ${finding.name} (${time} ms)`, `       ${finding.words}`];
    }),
    '',
    'To be tried by hand:',
    ...Object.entries(byHand).map(([name, how]) => `- ${name}: ${how}`),
    '',
  ];
  return { failed, text: lines.join('\n') };
}
