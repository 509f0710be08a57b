import {
  alignFace,
  createFaceFinder,
  createIdentity,
  likeness,
} from '../../../bridge-server/faces';
import { cpuEngine, readAstronaut } from '../../support/faces';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

test('tells a person from no person, whatever the crop size', async () => {
  const engine = cpuEngine();
  try {
    const astronaut = await readAstronaut();
    const [face] = await createFaceFinder(engine).find(astronaut);
    const small = alignFace(astronaut, face!.quad, 128);
    const large = alignFace(astronaut, face!.quad, 512);
    const mirrored = {
      size: 128,
      rgb: small.rgb.map((_, i) => small.rgb[i - (i % 128) + 127 - (i % 128)]!),
    };
    const nobody = { size: 64, rgb: new Float32Array(3 * 64 * 64).fill(0.5) };
    const faces = [small, large, mirrored, nobody];
    const embeddings = await createIdentity(engine).embed(faces);
    const scores = embeddings.map((embedding) => likeness(embeddings[0]!, embedding));
    expect(scores[0]).toBeGreaterThan(0.999);
    expect(scores[1]).toBeGreaterThan(0.98);
    expect(scores[2]).toBeGreaterThan(0.9);
    expect(scores[3]).toBeLessThan(0.3);
  } finally {
    await engine.close();
  }
});
