// Writes the assembly that puts the helper's bytes into the addon: node helper-image.cjs HELPER OUTPUT
const { writeFileSync } = require('node:fs');
const { resolve } = require('node:path');

const [helper, output] = process.argv.slice(2);
writeFileSync(
  output,
  `    .section .rodata
    .balign 16
    .global runts_helper_start, runts_helper_end
    .hidden runts_helper_start, runts_helper_end
runts_helper_start:
    .incbin ${JSON.stringify(resolve(helper))}
runts_helper_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
`,
);
