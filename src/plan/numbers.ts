import { refuse } from './input.ts';

/** An integer of config.json, a bigint where a number would lose digits. */
export type WideInteger = number | bigint;

/** @returns the value as an unsigned number of at most `maximum` @throws RuntimeError naming the pointer if it is not one */
export function unsigned(value: WideInteger, maximum: number, pointer: string): number {
  if (value >= 0 && value <= maximum) return Number(value);
  throw refuse(pointer, '', `expected an integer from 0 to ${maximum}, got ${value}`);
}

export const UINT32_MAX = 0xffff_ffff;
