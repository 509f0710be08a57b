/** What anybody on this machine may know of the server. */
export interface Health {
  readonly service: 'psp-layers';
  readonly version: string;
  readonly protocol: number;
  readonly uptimeSeconds: number;
  readonly device: string;
  readonly passedOver: readonly string[];
  readonly connections: number;
  readonly jobs: { readonly waiting: number; readonly running: number; readonly finished: number };
}

export function statusPage(health: Health): string {
  const { jobs } = health;
  const rows: readonly (readonly [string, string | number])[] = [
    ['Version', `${health.version}, protocol ${health.protocol}`],
    ['Running for', duration(health.uptimeSeconds)],
    ['Networks run on', health.device],
    ...health.passedOver.map((reason) => ['Passed over', reason] as const),
    ['Connected hosts', health.connections],
    ['Jobs', `${jobs.running} running, ${jobs.waiting} waiting, ${jobs.finished} to be fetched`],
  ];
  const cells = rows.map(([name, value]) => `<tr><th>${escape(name)}<td>${escape(String(value))}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>pSp Layers bridge</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 4em auto; max-width: 40em; padding: 0 1em;
         color: #222; background: #fafafa }
  h1 { font-size: 1.3em; font-weight: 600 }
  th { text-align: left; vertical-align: top; font-weight: 400; color: #666; padding-right: 2em;
       white-space: nowrap }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #222 } th { color: #999 } }
</style>
<h1>The pSp Layers bridge is running.</h1>
<table>${cells.join('\n')}</table>
<p>Photoshop, GIMP and the browser page connect to it from this computer only.
`;
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`;
}
