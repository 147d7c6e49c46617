// What load-bun.ts needs of Bun; its own types would bring Bun's view of everything else with them.
declare module 'bun:ffi' {
  type Arguments = readonly ('ptr' | 'u32')[];
  export function dlopen<Name extends string>(
    library: string,
    symbols: Record<Name, { readonly args: Arguments; readonly returns: 'i32' }>,
  ): { readonly symbols: Record<Name, (...values: (Uint8Array | number)[]) => number> };
}

declare module '*.node' {
  const path: string;
  export default path;
}
