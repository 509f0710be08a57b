/**
 * What UXP draws of a style sheet, by its CSS reference (AdobeDocs/uxp, uxp-api/reference-css/Styles) and its
 * Known Issues. Whatever neither lists may be ignored, or worse: it does not come into the panel.
 */
const sides = ['top', 'right', 'bottom', 'left'];
const documented = new Set([
  ...['align-content', 'align-items', 'align-self', 'justify-content'],
  ...['background', 'background-attachment', 'background-color', 'background-image'],
  ...['background-repeat', 'background-size', 'color', 'opacity', 'visibility', 'display'],
  ...['border-color', 'border-radius', 'border-style', 'border-width'],
  ...sides.flatMap((side) => ['', '-color', '-style', '-width'].map((of) => `border-${side}${of}`)),
  ...['border-bottom-left-radius', 'border-bottom-right-radius', 'border-top-left-radius'],
  ...['flex', 'flex-basis', 'flex-direction', 'flex-grow', 'flex-shrink', 'flex-wrap'],
  ...['font-family', 'font-size', 'font-style', 'font-weight', 'letter-spacing'],
  ...['text-align', 'text-overflow', 'white-space'],
  ...['width', 'height', 'min-width', 'min-height', 'max-width', 'max-height'],
  ...['margin', 'padding', ...sides.flatMap((side) => [`margin-${side}`, `padding-${side}`])],
  ...['overflow', 'overflow-x', 'overflow-y', ...sides],
]);

/** Not in the list, and yet used: why that may be. */
const excused: Readonly<Record<string, string>> = {
  position: 'the pages of left, top, right and bottom show it',
  cursor: 'Known Issues, User Interface, tell how it changes; without it nothing is lost',
  'line-height': 'without it lines are as high as their font wants',
};

/** display.md. */
const displays = ['none', 'inline', 'block', 'inline-block', 'flex', 'inline-flex'];

/** What of a style sheet UXP does not promise to draw, in words. */
export function styleSheetProblems(sheet: string): readonly string[] {
  const bare = sheet.replace(/\/\*[^]*?\*\//g, '');
  const rules = [...bare.matchAll(/([^{}]+)\{([^{}]*)\}/g)];
  return rules.flatMap(([, selector, body]) =>
    declarationProblems(body!).map((problem) => `${selector!.trim()}: ${problem}`),
  );
}

/** The same of one rule's declarations, or of a `style` attribute. */
export function declarationProblems(declarations: string): readonly string[] {
  const all = declarations
    .split(';')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => [each.split(':')[0]!.trim(), each.slice(each.indexOf(':') + 1).trim()] as const);
  return [...all.flatMap(([name, value]) => propertyProblems(name, value)), ...borders(all)];
}

function propertyProblems(name: string, value: string): readonly string[] {
  if (!documented.has(name) && !(name in excused)) {
    return [`${name} is not in UXP's CSS reference`];
  }
  if (name === 'display' && !displays.includes(value))
    return [`display: ${value} is none of UXP's`];
  if (name === 'position' && !['relative', 'absolute'].includes(value)) {
    return [`position: ${value} is not shown in UXP's CSS reference`];
  }
  return [];
}

/** Known Issues, CSS: "It is not currently possible to assign multiple border colors to a container." */
function borders(all: readonly (readonly [string, string])[]): readonly string[] {
  const colours = all.flatMap(([name, value]) => {
    if (/^border-(\w+-)?color$/.test(name)) return [value];
    const [, colour] = /^\S+\s+\S+\s+(.*)$/.exec(value) ?? [];
    return /^border-(top|right|bottom|left)$/.test(name) && colour ? [colour] : [];
  });
  return new Set(colours).size > 1 ? ['a box has one border colour in UXP'] : [];
}
