// What load-bun.ts needs of Bun; its own types would bring Bun's view of everything else with them.
declare namespace Bun {
  type Type = 'ptr' | 'i32' | 'u32' | 'i64_fast' | 'usize';
  const FFI: {
    dlopen<Name extends string>(
      library: string,
      symbols: Record<Name, { readonly args: readonly Type[]; readonly returns: Type }>,
    ): { readonly symbols: Record<Name, (...values: (number | null)[]) => number> };
    /** Where the bytes are, for as long as somebody refers to them. */
    ptr(bytes: Uint8Array): number;
  };
}
