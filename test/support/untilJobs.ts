interface Health {
  readonly jobs: Readonly<Record<string, number>>;
}

/** Asks the server until its jobs are as wanted. */
export async function untilJobs(
  port: number,
  wanted: Partial<Record<'waiting' | 'running', number>>,
): Promise<void> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    const { jobs } = (await response.json()) as Health;
    if (Object.entries(wanted).every(([state, count]) => jobs[state] === count)) return;
  }
}
