// What load-bun.ts needs of Bun; its own types would bring Bun's view of everything else with them.
declare module 'bun:ffi' {
  type Type = 'ptr' | 'i32' | 'u32' | 'i64_fast' | 'usize';
  export function dlopen<Name extends string>(
    library: string,
    symbols: Record<Name, { readonly args: readonly Type[]; readonly returns: Type }>,
  ): { readonly symbols: Record<Name, (...values: (Uint8Array | number | null)[]) => number> };
}
