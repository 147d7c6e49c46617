import { describeRule } from '../rule-cases.ts';
import { type Changes, USER_NAMESPACE } from '../support.ts';

const map = (containerID: number, hostID: number, size: number) => ({ containerID, hostID, size });
const uids = (...lines: object[]): Changes => ({ ...USER_NAMESPACE, '/linux/uidMappings': lines });
const ZERO = map(0, 100_000, 10);

describeRule('mappings', {
  refused: [
    [
      'mappings without a user namespace',
      { '/linux/uidMappings': [ZERO] },
      '/linux/uidMappings: expected a namespace of type "user" in /linux/namespaces, got none',
    ],
    [
      'a new user namespace without mappings of groups',
      { ...USER_NAMESPACE, '/linux/gidMappings': undefined },
      '/linux/namespaces/5: expected entries in /linux/gidMappings for a new user namespace, got none',
    ],
    [
      'a new user namespace with empty mappings of users',
      uids(),
      '/linux/namespaces/5: expected entries in /linux/uidMappings for a new user namespace, got none',
    ],
    [
      'an empty range',
      uids(ZERO, map(20, 200_000, 0)),
      '/linux/uidMappings/1/size: expected an integer from 1 up, got 0',
    ],
    [
      'a range beyond the last id of the host',
      uids(ZERO, map(20, 4_294_967_290, 6)),
      '/linux/uidMappings/1/hostID: expected a range that ends at 4294967294 or before, got 4294967295',
    ],
    [
      'a range beyond the last id of the container',
      uids(ZERO, map(4_294_967_290, 200_000, 6)),
      '/linux/uidMappings/1/containerID: expected a range that ends at 4294967294 or before, got 4294967295',
    ],
    [
      'ranges that overlap in the container',
      uids(ZERO, map(9, 200_000, 1)),
      '/linux/uidMappings/1/containerID: expected a range of its own, got one that overlaps /linux/uidMappings/0',
    ],
    [
      'ranges that overlap on the host',
      uids(ZERO, map(10, 99_999, 2)),
      '/linux/uidMappings/1/hostID: expected a range of its own, got one that overlaps /linux/uidMappings/0',
    ],
    [
      'more lines than the kernel takes',
      uids(...Array.from({ length: 341 }, (_, at) => map(at, at, 1))),
      '/linux/uidMappings: expected at most 340 entries, got 341',
    ],
  ],
  accepted: [
    ['ranges that touch', uids(ZERO, map(10, 100_010, 10), map(20, 99_990, 10))],
    ['a range that ends with the last id', uids(ZERO, map(10, 4_294_967_290, 5))],
    [
      'as many lines as the kernel takes',
      uids(...Array.from({ length: 340 }, (_, at) => map(at, at, 1))),
    ],
    ['empty mappings without a user namespace', { '/linux/uidMappings': [] }],
    [
      'mappings beside a namespace that is joined, as Podman writes them',
      { ...USER_NAMESPACE, '/linux/namespaces/5/path': '/proc/7/ns/user' },
    ],
  ],
});
