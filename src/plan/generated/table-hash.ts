// Made by scripts/generate-steps.ts. Not to be edited.
export const TABLE_HASH = 0x1f3429cd797e6b16n;
