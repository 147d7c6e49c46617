// Made by scripts/generate-steps.ts. Not to be edited.
export const TABLE_HASH = 0xcfd9b3d3777f7777n;
