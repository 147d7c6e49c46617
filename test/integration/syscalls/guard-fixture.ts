/*
 * A stand-in for a runtime in the foreground: makes its standard input raw under a guard, says so on descriptor 3, and
 * waits to be killed. Argument `leaves` sets other modes first, as a shell would.
 */
import { receiveMessage, sendMessage } from '../../../src/syscalls/socket.ts';
import { getTermios, guardTerminal, makeRaw, setTermios } from '../../../src/syscalls/terminal.ts';

const TERMINAL = 0;
const CONTROL = 3;

const saved = getTermios(TERMINAL);
guardTerminal(TERMINAL, saved);
makeRaw(TERMINAL);
if (process.argv[2] === 'leaves') {
  const modes = getTermios(TERMINAL);
  // c_lflag, at its byte 12 (termbits.h): ISIG.
  modes[12] = (modes[12] ?? 0) | 1;
  setTermios(TERMINAL, modes);
}
sendMessage(CONTROL, Buffer.from('raw'));
receiveMessage(CONTROL, 1, 0);
