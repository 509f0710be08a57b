import type { FacePart } from '../../../protocol/facePart';
import type { ErrorShape } from '../../../protocol/errors';
import { pictureFormats } from '../../../protocol/pictureFiles';

/** Every text of the panel. A translation is one file of the same shape. */
export const en = {
  tabs: {
    create: 'Create',
    results: 'Results',
    batch: 'Batch',
    models: 'Models',
    settings: 'Settings',
    list: 'Pages of the panel',
  },
  connection: {
    connecting: 'Connecting…',
    notRunning: 'Not running',
    notRunningHelp:
      'The bridge that runs the networks is not running on this computer. Start it with “psp-layers serve” (or “npm start”); this panel connects by itself.',
    wrongVersion: 'Wrong version',
    notPaired: 'Not paired',
    replaced: 'Used elsewhere',
    ready: 'Ready',
    retry: 'Try now',
    why: 'Why not faster?',
  },
  pairing: {
    title: 'Pair once',
    help: 'So that no other program can use your pictures, the bridge has to know this panel. Type the eight letters and digits that it shows; “psp-layers pair” shows new ones.',
    code: 'Pairing code',
    pair: 'Pair',
  },
  layer: {
    none: 'Open a picture and select a layer.',
    others: (count: number) => (count === 1 ? 'and 1 more layer' : `and ${count} more layers`),
    searching: 'Looking for faces…',
    offline: 'Faces show as soon as the bridge is ready.',
    noFace: 'No face found. Select a layer that shows a face; drawings and label maps need none.',
    faces: (count: number) => (count === 1 ? '1 face' : `${count} faces`),
    all: 'All',
    face: (number: number) => `Face ${number}`,
    tooSmall: 'too small to work on. Use a larger version of the picture.',
    turnedAway: 'turned too far away. Both eyes must show.',
    unclear: 'cannot be made out surely: covered, blurred or turned.',
    unusable: 'cannot be worked on.',
    refused: (face: string, reason: string) => `${face}: ${reason}`,
    again: 'Look again',
  },
  parts: {
    select: 'Select',
    step: (part: string) => `Select: ${part}`,
    names: {
      eyes: 'Eyes',
      brows: 'Brows',
      mouth: 'Mouth',
      face: 'Face',
      skin: 'Skin',
      hair: 'Hair',
      glasses: 'Glasses',
    } as Readonly<Record<FacePart, string>>,
    none: (part: string) => `Not found here: ${part}. The selection is as it was.`,
  },
  start: {
    hint: 'Start here. Run puts a new layer above yours; yours stays as it is.',
    close: 'Hide this hint',
  },
  operation: {
    run: 'Run',
    runIt: (operation: string) => `Run ${operation}`,
    options: 'Options',
    import: 'Import…',
    model: 'Model',
    drawnBy: (model: string, resolution: number) => `${model} · ${resolution} px`,
    softer: (model: string, resolution: number, face: number) =>
      `${model} · ${resolution} px, face ${face} px`,
    softerHint:
      'What is drawn anew will look softer than the photograph; what stays keeps its detail.',
    turned: ', head turned far',
    turnedHint:
      'This head is turned far, and half of it is not to be seen: what is drawn of it may look like somebody else. A photograph taken more from the front keeps the person better.',
    huge: (megapixels: number) =>
      `The new document would have ${megapixels} megapixels: a gigabyte of memory and more for each of its layers.`,
    makeHuge: 'Make it',
    hole: 'Fill',
    holes: { selection: 'The selection', transparency: 'Transparent pixels' },
    dice: 'Another seed',
    reset: 'Reset',
  },
  job: {
    reading: 'Reading the layer',
    sending: 'Sending',
    queued: (place: number, waitsFor: string | null): string =>
      waitsFor === 'fetch'
        ? 'Waiting for finished results to be taken'
        : place === 0
          ? 'Next in line'
          : `Waiting: ${place} before it`,
    stages: {
      align: 'Aligning the face',
      encode: 'Encoding',
      decode: 'Drawing',
      paste: 'Fitting it in',
      working: 'Working',
    },
    writing: 'Adding the layer',
    cancelled: 'Cancelled. Nothing was changed.',
    cancel: 'Cancel',
    cancelAll: 'Cancel all',
    list: 'Running jobs',
    started: (operation: string) => `${operation} runs.`,
    done: (operation: string, layers: number) =>
      layers === 1
        ? `${operation} is done: 1 new layer.`
        : `${operation} is done: ${layers} new layers.`,
    failed: (operation: string, reason: string) => `${operation} failed. ${reason}`,
    dismiss: 'Dismiss',
    retry: 'Retry',
    remaining: (time: string) => `${time} left`,
    layer: (number: number, count: number) => `Layer ${number} of ${count}`,
    step: (done: number, total: number) => `${done} of ${total}`,
  },
  result: {
    none: 'Results show here, with a before and after, so that they can be repeated, mixed and compared.',
    before: 'Before',
    after: 'After',
    likeness: (percent: number) => `Likeness ${percent} %`,
    likenessHint: 'How much the new face is the same person, by a face-recognition network.',
    seed: (seed: number) => `Seed ${seed}`,
    anotherPerson: (percent: number) => `Another person: likeness ${percent} %`,
    opacity: 'Opacity',
    variant: (number: number) => `Variant ${number}`,
    chooseStep: 'Choose variant',
    keep: 'Keep this one',
    keepHint: 'Removes the other variants of this face. Undo brings them back.',
    discard: 'Discard',
    discardHint: 'Removes every layer of this result. Undo brings them back.',
    compare: (number: number) => `Compare with ${number}`,
    alreadyThere: 'This very layer is there already. Change an option or the seed to make another.',
    place: 'Adjust',
    placing: 'Placing…',
    mix: 'Mix styles',
    mixing: 'Mixing…',
    editing: 'Drawing the layer…',
    again: 'Use on selected layers',
    againHint: 'The same options and seed, on the layers that are selected now.',
    more: 'Next seeds',
    moreHint: 'More variants of the layer it came from.',
    hide: 'Hide',
    show: 'Show',
    save: 'Save latents',
    took: (time: string) => `in ${time}`,
    of: (layer: string) => `of ${layer}`,
  },
  history: {
    title: (count: number) => `Made on this computer: ${count}`,
    search: 'Search by operation, file, model, day',
    nothing: 'Nothing found.',
    more: (count: number) => `and ${count} older`,
    repeat: 'Same settings on this layer',
    forget: 'Forget',
    forgetAll: 'Forget all',
  },
  batch: {
    help: 'One operation over many pictures. It carries on after a failure and never overwrites a picture.',
    operation: 'Operation',
    runOn: 'Run on',
    layers: 'Selected layers',
    documents: 'Open documents',
    folder: 'A folder…',
    stop: 'Stop',
    resume: 'Resume',
    clear: 'Clear',
    emptyLayers: 'No layer is selected. Select one or more and start again.',
    emptyFolder: `This folder has no picture that can be opened: PSD, PSB, ${pictureFormats}.`,
    progress: (done: number, total: number) => `${done} of ${total}`,
    summary: (done: number, failed: number, waiting: number) =>
      [
        `${done} done`,
        failed > 0 ? `${failed} failed` : '',
        waiting > 0 ? `${waiting} waiting` : '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
    alreadyDone: 'already there',
    waiting: 'waiting',
    layersMade: (count: number) => (count === 1 ? '1 layer' : `${count} layers`),
    optionsHint: 'The options are those last used for it under “Create”.',
  },
  models: {
    offline: 'The models show as soon as the bridge is ready.',
    installed: 'Installed',
    perOperation: 'For each operation',
    source: 'The authors of pixel2style2pixel publish checkpoints, about 1.2 GB each, 1024 × 1024:',
    sourceTerms:
      'They learned from FFHQ and CelebA-HQ, which are for non-commercial use. Import the .pt file here; yours works the same way. How good each is has not been measured here.',
    nothing: 'nothing installed',
    checkpoints: {
      'psp_ffhq_encode.pt':
        'The encoder of the paper, some thirty times the starter’s size: 3 to 4 s a picture on two cores.',
      'psp_ffhq_frontalization.pt': 'Learned to turn faces; the starter moves its codes instead.',
      'psp_celebs_super_resolution.pt': 'Learned from pictures made 1 to 32 times smaller.',
      'psp_celebs_sketch_to_face.pt': 'Learned from line drawings of 30,000 portraits.',
      'psp_celebs_seg_to_face.pt': 'Faces from maps in 19 flat colours.',
      'psp_ffhq_toonify.pt': 'Faces as in a cartoon film.',
    } as Readonly<Record<string, string>>,
    sending: (name: string) => `Sending ${name} to the bridge.`,
    import: 'Import a checkpoint…',
    importing: (name: string) => `Converting ${name}. This takes a minute or two.`,
    imported: (name: string) => `${name} is installed.`,
    nowUsedFor: (operations: string) => `It is now used for ${operations}.`,
    notUsed: 'Another model stays chosen under “Create”.',
    remove: 'Remove',
    confirmRemove: 'Remove it?',
    keep: 'Keep',
    builtIn: 'built in',
    licence: 'Licence',
    from: 'By',
    size: (resolution: number) => `${resolution} × ${resolution}`,
    need: (file: string) => `Can be imported: ${file}`,
  },
  settings: {
    language: 'Language',
    languages: { auto: 'As the editor', en: 'English', ko: '한국어' },
    faces: 'When a layer is selected, take',
    faceChoices: { all: 'every face', largest: 'the largest face' },
    notesLayers: 'Saved files say how layers were made',
    notesLayersHint:
      'Operation, model, seed and settings of every new layer in the XMP, and that the picture is composed with generated parts (IPTC digital source type).',
    device: 'Runs on',
    address: 'Bridge',
    keys: 'Keys',
    keyList: [
      ['0 – 9', 'choose all faces, or one'],
      ['Enter', 'run the operation in focus'],
      ['Space', 'show its options'],
      ['Esc', 'cancel what runs'],
    ] as readonly (readonly [string, string])[],
    private: 'Everything runs on this computer. No picture leaves it.',
  },
  editors: {
    title: 'Other editors on this computer',
    help: 'Puts the plug-in where the editor looks for it. The same again after an update.',
    install: (editor: string) => `Install in ${editor}`,
    installed: (folder: string) => `Installed in ${folder}.`,
    /** What comes after it, by editor; the bridge says it in English. */
    next: {} as Readonly<Record<string, string>>,
  },
  check: {
    help: (host: string) =>
      `Something does not work as it should? This tries all that is asked of ${host}, in documents of its own, which are closed again. Your documents stay as they are.`,
    run: (host: string) => `Check this ${host}`,
    running: 'Checking…',
    works: (host: string) => `This ${host} does all that is asked of it.`,
    fails: (count: number) =>
      count === 1 ? '1 thing does not work:' : `${count} things do not work:`,
    save: 'Save the report…',
  },
  time: {
    milliseconds: (value: number) => `${value} ms`,
    seconds: (value: string) => `${value} s`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
  },
  /** The message of an error is already an English sentence. */
  error: (error: ErrorShape): string => error.message,
  /** Declarations come in English; a translation names them anew, by id. */
  operations: {} as Readonly<Record<string, { readonly label: string; readonly summary: string }>>,
  parameters: {} as Readonly<Record<string, { readonly label: string; readonly hint: string }>>,
  /** What of a model's file is no name, by its English words. */
  modelHints: {} as Readonly<Record<string, string>>,
  /** By parameter and value. */
  choices: {} as Readonly<Record<string, Readonly<Record<string, string>>>>,
};

export type Texts = typeof en;
