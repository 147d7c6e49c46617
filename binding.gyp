{
  'variables': {
    # Made by `make -C addon/init`. `node-gyp rebuild` would delete it: use `node-gyp configure build`.
    'helper%': '<(module_root_dir)/build/init/runts-init',
  },
  'targets': [
    {
      'target_name': 'runts',
      'sources': [
        'addon/binding/call.cc',
        'addon/binding/event.cc',
        'addon/binding/files.cc',
        'addon/binding/guard.cc',
        'addon/binding/identity.cc',
        'addon/binding/instance.cc',
        'addon/binding/lock.cc',
        'addon/binding/memfd.cc',
        'addon/binding/mount.cc',
        'addon/binding/register.cc',
        'addon/binding/relay.cc',
        'addon/binding/seccomp.cc',
        'addon/binding/socket.cc',
        'addon/binding/spawn.cc',
        'addon/binding/terminal.cc',
        'addon/binding/thread.cc',
        'addon/binding/wait.cc',
      ],
      'actions': [
        {
          'action_name': 'helper_image',
          'inputs': ['<(helper)', 'addon/binding/helper-image.cjs'],
          'outputs': ['<(INTERMEDIATE_DIR)/helper-image.S'],
          'action': ['node', 'addon/binding/helper-image.cjs', '<(helper)', '<@(_outputs)'],
          'process_outputs_as_sources': 1,
        },
      ],
      'defines': ['_GNU_SOURCE'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fexceptions', '-frtti'],
      'cflags_cc': [
        '-std=c++17',
        '-fno-exceptions',
        '-fno-rtti',
        '-fno-threadsafe-statics',
        '-fvisibility=hidden',
        '-fvisibility-inlines-hidden',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-Wswitch-enum',
      ],
      'ldflags': [
        '-static-libgcc',
        '-static-libstdc++',
        '-Wl,--as-needed',
        # Read by addon/binding/identity.cc: what is kept for later is kept for one build.
        '-Wl,--build-id=sha1',
        '-Wl,--exclude-libs,ALL',
        '-Wl,--gc-sections',
        '-Wl,-z,relro,-z,now',
      ],
      'libraries': ['-l:libseccomp.a'],
    },
  ],
}
