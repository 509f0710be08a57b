import {
  notSuspended,
  type ExecutionContext,
  type PhotoshopApi,
  type PhotoshopDocument,
} from '../api';

/** All changes in one history state, or none at all; within a suspension of others, part of theirs. */
export async function oneStep<T>(
  { hostControl }: ExecutionContext,
  document: PhotoshopDocument,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  const suspension = await hostControl.suspendHistory({ documentID: document.id, name });
  if (suspension === notSuspended) return run();
  try {
    const result = await run();
    await hostControl.resumeHistory(suspension, true);
    return result;
  } catch (error) {
    await unlessRefused(() => hostControl.resumeHistory(suspension, false));
    throw error;
  }
}

/** Layers can be made in the active document only; the one the user was in comes back. */
export async function inFront<T>(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  run: () => Promise<T>,
): Promise<T> {
  const front = api.app.activeDocument;
  if (front === null || front.id === document.id) return run();
  api.app.activeDocument = document;
  try {
    return await run();
  } finally {
    await unlessRefused(() => {
      api.app.activeDocument = front;
    });
  }
}

/**
 * After the user pressed Cancel, Photoshop refuses every further call and rolls a suspended document
 * back by itself when the scope ends: tidying up must not hide the error that led here.
 */
export async function unlessRefused(tidyUp: () => unknown): Promise<void> {
  try {
    await tidyUp();
  } catch {
    // See above.
  }
}
