import { type Engine, writeConfiguration } from './engine.ts';

/** Podman as its how-to configures it: there is no daemon. */
export const PODMAN: Engine = {
  programs: ['podman', 'conmon', 'catatonit'],
  async prepare(stage, archive) {
    writeConfiguration('podman', stage);
    await stage.output(`podman load --quiet --input ${archive}`);
  },
};
