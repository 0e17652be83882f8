/** Flags of the WebGPU specification, for which Node has no globals. */
export const bufferUsage = {
  mapRead: 0x1,
  copySrc: 0x4,
  copyDst: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;
export const mapModeRead = 0x1;
export const shaderStageCompute = 0x4;
