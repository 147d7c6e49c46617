// What the program carries: the init helper, which addon/binding/spawn.cc starts, the modules, and room for the snapshot,
// which is put in when the program has been linked (snapshot.h).
    .section .rodata
    .balign 16
    .global runts_helper_start, runts_helper_end, runts_modules_start
    .hidden runts_helper_start, runts_helper_end, runts_modules_start
runts_helper_start:
    .incbin HELPER
runts_helper_end:
    .byte 0
    .balign 16
runts_modules_start:
    .incbin MODULES
    .balign 16
    .global runts_snapshot, runts_snapshot_region
    .hidden runts_snapshot, runts_snapshot_region
runts_snapshot:
    .ascii "runts snapshot\0\0"
    .skip SNAPSHOT_ROOM / 16 - 16
    // Pages of its own, which are moved to where its addresses say; the kernel's may have 64 kB on arm64.
    .section .snapshot, "aw", %progbits
#if defined(__aarch64__)
    .balign 65536
#else
    .balign 4096
#endif
runts_snapshot_region:
    .ascii "snapshot region\0"
    .skip SNAPSHOT_ROOM - 16
    .section .note.GNU-stack, "", %progbits
