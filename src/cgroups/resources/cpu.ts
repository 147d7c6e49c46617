import type { Cpu } from '../../spec/types.ts';
import { type Integer, isAsked, type Setting, type SettingGroup } from '../setting.ts';

const controller = 'cpu';

/** config-linux.md, "CPU", without the cpuset; the files are those of scheduler/sched-bwc.rst and sched-rt-group.rst. */
export function cpuSettings(cpu: Cpu, pointer: string): SettingGroup[] {
  const setting = (file: string, value: Integer, field: string): Setting => ({
    controller,
    files: [file],
    value: `${value}`,
    pointer: `${pointer}/${field}`,
  });
  const bandwidth: Setting[] = [];
  if (isAsked(cpu.period)) bandwidth.push(setting('cpu.cfs_period_us', cpu.period, 'period'));
  if (isAsked(cpu.quota)) bandwidth.push(setting('cpu.cfs_quota_us', cpu.quota, 'quota'));
  // 0 is the default, and what takes a burst away again.
  if (cpu.burst !== undefined) bandwidth.push(setting('cpu.cfs_burst_us', cpu.burst, 'burst'));

  const { realtimePeriod, realtimeRuntime } = cpu;
  const realtime: Setting[] = [];
  if (isAsked(realtimePeriod)) {
    realtime.push(setting('cpu.rt_period_us', realtimePeriod, 'realtimePeriod'));
  }
  if (isAsked(realtimeRuntime)) {
    realtime.push(setting('cpu.rt_runtime_us', realtimeRuntime, 'realtimeRuntime'));
  }

  const weight: Setting[] = [];
  if (isAsked(cpu.shares)) {
    weight.push({
      ...setting('cpu.shares', cpu.shares, 'shares'),
      check: { kind: 'refuse', detail: 'shares go from 2 to 262144' },
    });
  }
  // An idle group has no shares (EINVAL): they are set before it becomes idle, or after it has ceased to be.
  if (cpu.idle !== undefined) {
    const idle = setting('cpu.idle', cpu.idle, 'idle');
    if (cpu.idle > 0) weight.push(idle);
    else weight.unshift(idle);
  }
  return [...groupOf(realtime), ...groupOf(weight), ...groupOf(bandwidth)];
}

/** The cpuset's two lists; an empty one stands for "not given". */
export function cpusetSettings(cpu: Cpu, pointer: string): SettingGroup[] {
  return (['cpus', 'mems'] as const).flatMap((list): SettingGroup[] => {
    const value = cpu[list];
    if (value === undefined || value === '') return [];
    return [
      [
        {
          controller: 'cpuset',
          files: [`cpuset.${list}`],
          value,
          pointer: `${pointer}/${list}`,
        },
      ],
    ];
  });
}

function groupOf([first, ...others]: readonly Setting[]): SettingGroup[] {
  return first === undefined ? [] : [[first, ...others]];
}
