/** The directory of a container's cgroup in one v1 hierarchy, as a cgroup mount inside the container shows it. */
export interface CgroupMount {
  /** The directory below the mount, such as `cpu,cpuacct`. */
  readonly name: string;
  /** Links beside it, such as `cpu` and `cpuacct`; the name itself may be among them. */
  readonly aliases: readonly string[];
  /** The directory on the host. */
  readonly source: string;
}

/** What the host decides, looked up before compiling: the compiler itself asks nobody. */
export interface HostFacts {
  /** Effective uid of the runtime. */
  readonly euid: number;
  /** Capability sets of the runtime, bit n for capability n (capabilities(7)). */
  readonly capabilities: { readonly bounding: bigint; readonly permitted: bigint };
  /** The highest capability that the kernel knows (/proc/sys/kernel/cap_last_cap). */
  readonly lastCapability: number;
  /** Which security modules are enabled. */
  readonly lsm: { readonly apparmor: boolean; readonly selinux: boolean };
  /** One entry for each mounted v1 hierarchy; empty where there is none. */
  readonly cgroupMounts: readonly CgroupMount[];
  /** With how many descriptors the cgroup is joined: one `tasks` file for each v1 hierarchy, and the v2 directory. */
  readonly cgroupEntrance: { readonly tasks: number; readonly directory: boolean };
}
