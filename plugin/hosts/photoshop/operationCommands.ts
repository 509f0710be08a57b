/**
 * What Photoshop must know of an operation before any bridge is there to ask: the global function
 * that a recorded step names, which is also the id of its menu command in manifest.json, and the name
 * that menus and the Actions panel show. Recorded actions hold the function's name: never change one.
 */
export interface OperationCommand {
  readonly handler: string;
  readonly label: string;
}

export const operationCommands: Readonly<Record<string, OperationCommand>> = {
  reconstruct: { handler: 'pspLayersReconstruct', label: 'Reconstruct' },
  frontalize: { handler: 'pspLayersFrontalize', label: 'Frontalize' },
  'super-resolve': { handler: 'pspLayersSuperResolve', label: 'Super-resolve' },
  inpaint: { handler: 'pspLayersInpaint', label: 'Inpaint' },
  'resample-style': { handler: 'pspLayersResampleStyle', label: 'Resample style' },
  'sketch-to-face': { handler: 'pspLayersSketchToFace', label: 'Sketch to face' },
  'labels-to-face': { handler: 'pspLayersLabelsToFace', label: 'Label map to face' },
  toonify: { handler: 'pspLayersToonify', label: 'Toonify or other domain' },
};

export const commandEntries = Object.entries(operationCommands) as readonly (readonly [
  string,
  OperationCommand,
])[];
