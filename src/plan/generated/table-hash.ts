// Made by scripts/generate-steps.ts. Not to be edited.
export const TABLE_HASH = 0x47eb1b947561a68an;
