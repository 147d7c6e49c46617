import { connect } from 'node:net';
import { fileAppears } from '../../lib/files.ts';

/** Waits until somebody listens on a socket whose folder is there. */
export async function listening(path: string): Promise<void> {
  await fileAppears(path);
  // Go binds and listens in one go, but not at one moment.
  while (!(await canConnect(path)));
}

function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
