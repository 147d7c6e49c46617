import type { SeccompAction } from '../spec/types.ts';
import { failAt } from './failure.ts';
import { ACTIONS, DATA_LIMITS } from './names.ts';

const EPERM = 1;

/**
 * The number that the filter returns for an action.
 *
 * @param data `errnoRet`, EPERM where it is absent.
 * @param pointer of the `errnoRet`, for the error.
 * @throws RuntimeError where the action takes no data (config-linux.md: the runtime must fail) or the data is too large.
 */
export function actionValue(
  action: SeccompAction,
  data: number | undefined,
  pointer: string,
): number {
  const limit = DATA_LIMITS[action];
  if (limit === undefined) {
    if (data !== undefined) failAt(pointer, `${action} takes no errno: leave it out`);
    return ACTIONS[action];
  }
  const value = data ?? EPERM;
  if (value > limit) {
    failAt(pointer, `${value} is too large for ${action}, which takes at most ${limit}`);
  }
  return ACTIONS[action] + value;
}
