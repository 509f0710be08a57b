const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest runs tests in a realm of their own; onnxruntime-node checks typed arrays against the outer
 * realm's constructors. Handing those constructors in lets tests and the native addon agree.
 */
module.exports = class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, {
      ArrayBuffer,
      Uint8Array,
      Int8Array,
      Uint8ClampedArray,
      Uint16Array,
      Int16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    });
  }
};
