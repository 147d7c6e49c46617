// Made by scripts/generate-steps.ts. Not to be edited.
export const TABLE_HASH = 0x5921d00dbdf23e49n;
