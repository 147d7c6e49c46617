/** An image made on the spot: busybox, in an archive that every engine reads. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { makeBusyboxRootfs } from '../../lib/rootfs.ts';

/** What it is called in the how-tos; nobody pulls it from there. */
export const IMAGE = 'docker.io/library/busybox:latest';

const OCI = 'application/vnd.oci.image';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export interface ImageOptions {
  /** What it is called in the archive. */
  readonly name?: string;
  /** What it runs where nobody says what to run. */
  readonly command?: readonly string[];
}

/**
 * Makes a tar archive that is an OCI image layout (image-layout.md) and, for Docker before 25, what `docker save` wrote
 * then, at once.
 *
 * @returns the archive
 */
export function makeImage(options: ImageOptions = {}): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'runts-test-image-'));
  try {
    return pack(writeLayout(folder, options));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeLayout(folder: string, { name = IMAGE, command = ['sh'] }: ImageOptions): string {
  const rootfs = join(folder, 'rootfs');
  makeBusyboxRootfs(rootfs);
  writeFileSync(
    join(rootfs, 'etc/passwd'),
    'root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n',
  );
  writeFileSync(join(rootfs, 'etc/group'), 'root:x:0:\nuser:x:1000:\nextra:x:1001:user\n');
  // A program that no kernel executes: it fails at the last moment, in execve.
  writeFileSync(join(rootfs, 'bin/no-program'), 'neither ELF nor a script\n', { mode: 0o755 });

  const layout = join(folder, 'layout');
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const add = (type: string, bytes: Uint8Array) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
    return { mediaType: `${OCI}.${type}`, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));

  const layer = add('layer.v1.tar', pack(rootfs));
  const created = '2026-01-01T00:00:00Z';
  const platform = { architecture: ARCHITECTURES[process.arch] ?? process.arch, os: 'linux' };
  const config = add(
    'config.v1+json',
    json({
      ...platform,
      created,
      config: { Cmd: command, Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
      history: [{ created, created_by: 'busybox' }],
    }),
  );
  const manifest = add(
    'manifest.v1+json',
    json({ schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers: [layer] }),
  );
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': 'latest',
  };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform, annotations }] };
  const blob = ({ digest }: { digest: string }) => `blobs/${digest.replace(':', '/')}`;
  const saved = [
    {
      Config: blob(config),
      RepoTags: [name.replace('docker.io/library/', '')],
      Layers: [blob(layer)],
    },
  ];
  writeFileSync(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(layout, 'index.json'), json(index));
  writeFileSync(join(layout, 'manifest.json'), json(saved));
  return layout;
}

function pack(folder: string): Uint8Array {
  const options = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  return execFileSync('tar', ['-c', ...options, '-C', folder, '.'], { maxBuffer: 1 << 26 });
}
