import { describeRule } from '../rule-cases.ts';

const refusal = (got: string): string =>
  `/ociVersion: expected a version that is supported (1.0.0 up to but not including 2.0.0), got ${got}`;

describeRule('ociVersion', {
  refused: [
    ['another major version', { '/ociVersion': '2.0.0' }, refusal('"2.0.0"')],
    ['one before the first', { '/ociVersion': '0.5.0-dev' }, refusal('"0.5.0-dev"')],
    ['two numbers', { '/ociVersion': '1.0' }, refusal('"1.0"')],
    ['a leading zero', { '/ociVersion': '1.01.0' }, refusal('"1.01.0"')],
    ['an empty one', { '/ociVersion': '' }, refusal('""')],
    ['a letter in front', { '/ociVersion': 'v1.0.0' }, refusal('"v1.0.0"')],
    ['a line break behind', { '/ociVersion': '1.0.0\n' }, refusal('"1.0.0\\n"')],
  ],
  accepted: [
    ['the first', { '/ociVersion': '1.0.0' }],
    ['a prerelease', { '/ociVersion': '1.0.2-dev' }],
    ['build metadata', { '/ociVersion': '1.2.0-rc.1+dev' }],
    ['a later minor version than the newest known', { '/ociVersion': '1.99.0' }],
  ],
});
