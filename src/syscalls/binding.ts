import type { SyscallError } from './error.ts';

/** A received message as the addon shapes it: bytes, then descriptors. */
export type NativeMessage = [Uint8Array, number[]] | null;

/** Mode, uid, gid, size in bytes, milliseconds of the last change. */
export type FileNumbers = readonly [number, number, number, number, number];

/** What is waited for, whether other children are reaped, and the descriptors to work with. */
export type ForwardingArguments = readonly [
  pidfd: number,
  pid: number,
  reapsOthers: boolean,
  signals: number,
  input: number,
  master: number,
];

/** What addon/binding offers: positional calls that trust their arguments. Only this folder sees it. */
export interface Binding {
  openFile(path: string, flags: number, mode: number): number;
  closeFile(descriptor: number): void;
  readFile(path: string): Uint8Array;
  readText(path: string): string;
  readDescriptor(descriptor: number): Uint8Array;
  readSome(descriptor: number, target: Uint8Array): number;
  writeFile(path: string, flags: number, mode: number, content: string | Uint8Array): void;
  writeSome(descriptor: number, content: string | Uint8Array): number;
  writeWhole(descriptor: number, content: string | Uint8Array): void;
  renameFile(from: string, to: string): void;
  removeFile(path: string): void;
  makeDirectory(path: string, mode: number): void;
  removeDirectory(path: string): void;
  removeTree(path: string): void;
  listDirectory(path: string, onlyDirectories: boolean): string[];
  fileStatus(path: string, follow: boolean): FileNumbers;
  descriptorStatus(descriptor: number): FileNumbers;
  isSameFile(path: string, descriptor: number): boolean;
  readLink(path: string): string;
  realPath(path: string): string;
  fileSystemType(descriptor: number): number;
  changeMode(path: string, mode: number): void;
  canAccess(path: string, mode: number): boolean;
  socketpair(): [number, number];
  shutdownSocket(socket: number): void;
  sendMessage(socket: number, data: Uint8Array, descriptors: Int32Array): void;
  receiveMessage(socket: number, mostBytes: number, mostDescriptors: number): NativeMessage;
  receiveMessageAsync(
    socket: number,
    mostBytes: number,
    mostDescriptors: number,
  ): Promise<NativeMessage>;
  listenUnix(directory: number, name: string): number;
  acceptUnix(socket: number): number;
  connectUnix(directory: number, name: string): number;
  connectUnixStream(path: string): number;
  bindUnixDatagram(directory: number, name: string): number;
  connectUnixDatagram(path: string): number;
  memfd(name: string, data: Uint8Array, seal: boolean): number;
  spawnHelper(
    input: number,
    output: number,
    error: number,
    control: number,
    name: string,
  ): [number, number];
  startProgram(
    path: string,
    args: Uint8Array,
    environment: Uint8Array,
    directory: string,
    input: number,
    output: number,
    error: number,
  ): [number, number];
  pidfdOpen(pid: number): number;
  pidfdSendSignal(pidfd: number, signal: number): void;
  /** The exit code, or the signal as a negative number. */
  waitExit(pidfd: number): number;
  waitExitAsync(pidfd: number): Promise<number>;
  waitForwarding(...options: ForwardingArguments): number;
  waitForwardingAsync(...options: ForwardingArguments): Promise<number>;
  pollExit(pidfd: number, milliseconds: number, cancel: number): boolean;
  pollExitAsync(pidfd: number, milliseconds: number, cancel: number): Promise<boolean>;
  setSubreaper(on: boolean): void;
  noteSignals(except: Uint8Array): number;
  forgetSignals(descriptor: number): void;
  eventfd(): number;
  readEventAsync(descriptor: number): Promise<null>;
  pipe(): [number, number];
  lockFile(descriptor: number, shared: boolean, nonBlocking: boolean): boolean;
  detachMount(path: string): void;
  getTermios(terminal: number): Uint8Array;
  setTermios(terminal: number, modes: Uint8Array): void;
  makeRaw(terminal: number): Uint8Array;
  getWindowSize(terminal: number): [number, number];
  setWindowSize(terminal: number, rows: number, columns: number): void;
  relay(master: number, input: number, output: number, until: number): Promise<void>;
  guardTerminal(terminal: number, modes: Uint8Array): [number, number];
  releaseTerminal(socket: number, pidfd: number): void;
  /** The filter, or what could not be added: stage, index, errno's name. */
  seccompCompile(
    architecture: number,
    defaultAction: number,
    rules: Uint32Array,
    comparisons: BigUint64Array,
    optimisation: number,
  ): Uint8Array | [number, number, string];
  seccompResolve(architecture: number, names: Uint8Array, numbers: Int32Array): void;
  seccompHasFlags(flags: number): boolean;
  seccompVersion(): string;
  buildId(): string;
  checksum(bytes: Uint8Array): number;
}

/** What the addon's file exports. */
export interface Addon {
  bind(error: typeof SyscallError): Binding;
}
