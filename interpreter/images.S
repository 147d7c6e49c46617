// What the program carries: the init helper, which addon/binding/spawn.cc starts, and the modules.
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
    .section .note.GNU-stack, "", %progbits
