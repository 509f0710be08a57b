import { PanelDocument, onlyInTooltips } from '../panelDom';
import { styleSheetProblems } from '../styleRules';

const document = new PanelDocument();

describe('the fake panel', () => {
  test.each([
    // Known Issues, CSS: "Borders and backgrounds are not drawn correctly when coupled with `object-fit`."
    ['.chip { object-fit: cover; border-width: 1px }', '.chip: object-fit is not in'],
    ['.a { gap: 4px }', 'gap is not in'],
    ['.a { display: grid }', 'display: grid'],
    ['.a { position: sticky }', 'position: sticky'],
    ['.a { transition: color 1s }', 'transition is not in'],
    ['.a { font: 12px serif }', 'font is not in'],
    ['.a { border-left: 7px solid red; border-top: 7px solid blue }', 'one border colour'],
  ])('%s is found out', (sheet, problem) => {
    expect(styleSheetProblems(sheet).join()).toContain(problem);
  });

  test('what the reference lists passes, whatever its comments hold', () => {
    expect(
      styleSheetProblems('/* gap: 1px */ .a:hover, .b > .c { margin: 0; flex: 1 1 0 }'),
    ).toEqual([]);
  });

  test('a style attribute is held to the same', () => {
    const { style } = document.createElement('div');
    expect(() => (style.cssText = 'width: 3px; object-fit: cover')).toThrow('object-fit');
    style.cssText = 'width: 3px';
  });

  // Known Issues, Events: "Interactive elements swallow most events."
  test('a button holds text and nothing else', () => {
    const button = document.createElement('button');
    button.appendChild(document.createTextNode('All'));
    expect(() => button.appendChild(document.createElement('img'))).toThrow('holds text');
  });

  // reference-spectrum, "Responding to events" of sp-checkbox, sp-dropdown and sp-menu-item.
  test.each(['sp-checkbox', 'sp-dropdown', 'sp-menu-item'])('%s is not heard by click', (name) => {
    const widget = document.createElement(name);
    expect(() => widget.addEventListener('click', () => undefined)).toThrow('does not speak');
  });

  test('a checkbox and a dropdown speak through change', () => {
    const seen: unknown[] = [];
    const checkbox = document.createElement('sp-checkbox');
    checkbox.addEventListener('change', ({ target }) => seen.push(target.checked));
    checkbox.toggle();
    const dropdown = document.createElement('sp-dropdown');
    const menu = dropdown.appendChild(document.createElement('sp-menu'));
    const item = menu.appendChild(document.createElement('sp-menu-item'));
    item.appendChild(document.createTextNode('Face'));
    dropdown.addEventListener('change', ({ target }) => seen.push(target.selectedIndex));
    dropdown.choose('Face');
    expect(seen).toEqual([true, 0]);
  });

  // reference-spectrum, sp-slider: "changes on the slider using the change and input events".
  test('a slider that is dragged speaks through input all the way, and through change at its end', () => {
    const seen: string[] = [];
    const slider = document.createElement('sp-slider');
    for (const type of ['input', 'change']) {
      slider.addEventListener(type, ({ target }) => seen.push(`${type} ${target.value}`));
    }
    slider.drag(90, 70, 50);
    expect(seen).toEqual(['input 90', 'input 70', 'input 50', 'change 50']);
  });

  // reference-html, Unsupported Attributes.
  test.each([
    'tabIndex',
    'tabindex',
    'hidden',
    'aria-label',
    'dir',
    'contenteditable',
    'spellcheck',
  ])('the attribute %s is refused', (name) => {
    expect(() => document.createElement('div').setAttribute(name, '0')).toThrow(name);
  });

  // imaging.md, encodeImageData: "you must use jpeg/base64 encoding when assigning to an image element".
  test('an image is a JPEG in base64', () => {
    const image = document.createElement('img');
    expect(() => image.setAttribute('src', 'data:image/png;base64,AAAA')).toThrow('JPEG');
    image.setAttribute('src', 'data:image/jpeg;base64,AAAA');
  });

  // The reference knows no `title`: what only a tooltip says nobody may read.
  test('why something cannot be done is not said by a tooltip alone', () => {
    const root = document.createElement('div');
    const chip = root.appendChild(document.createElement('button'));
    chip.setAttribute('title', 'Face 2: too small');
    expect(onlyInTooltips(root)).toEqual([]);
    chip.setAttribute('disabled', '');
    expect(onlyInTooltips(root)).toEqual(['Face 2: too small']);
    const said = root.appendChild(document.createElement('p'));
    said.appendChild(document.createTextNode('Face 2: too small'));
    expect(onlyInTooltips(root)).toEqual([]);
  });
});
