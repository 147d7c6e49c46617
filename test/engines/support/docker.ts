import { type Engine, writeConfiguration } from './engine.ts';

/** dockerd as its how-to configures it, with a containerd and a bridge of its own. */
export const DOCKER: Engine = {
  programs: ['dockerd', 'docker', 'containerd'],
  async prepare(stage, archive) {
    writeConfiguration('docker', stage);
    // By itself dockerd starts one of its own, and waits long for its end.
    stage.startDaemon('containerd', 'containerd');
    await stage.accepts('containerd', '/run/containerd/containerd.sock');
    stage.startDaemon(
      'dockerd',
      'dockerd --containerd /run/containerd/containerd.sock --iptables=false --ip6tables=false',
    );
    await stage.accepts('dockerd', '/run/docker.sock');
    await stage.output(`docker load --quiet --input ${archive}`);
  },
};
