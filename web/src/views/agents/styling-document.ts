/**
 * The emulator writes its styles as text of elements and attributes, which the page's policy refuses, as it should. It lets
 * its owner make its elements: these take the same text and hand it to the browser as objects, which is allowed.
 */
const sheetElement = (document: Document): HTMLElement => {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const element = Document.prototype.createElement.call(document, 'template');
  const forget = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (text: string) => sheet.replaceSync(text),
  });
  Object.defineProperty(element, 'remove', {
    value: () => {
      forget();
      Element.prototype.remove.call(element);
    },
  });
  return element;
};

const styledElement = (element: HTMLElement): HTMLElement => {
  const setAttribute = element.setAttribute.bind(element);
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value;
    else setAttribute(name, value);
  };
  return element;
};

const createIn =
  (document: Document) =>
  (tag: string): HTMLElement =>
    tag === 'style' ? sheetElement(document) : styledElement(Document.prototype.createElement.call(document, tag));

/** The document, as the emulator sees it. */
export const stylingDocument = (document: Document): Document =>
  new Proxy(document, {
    get: (target, name) => {
      if (name === 'createElement') return createIn(target);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** Opens an emulator; while it does so it asks the document itself for one element as well. */
export const openStyled = (document: Document, open: () => void): void => {
  document.createElement = createIn(document) as Document['createElement'];
  try {
    open();
  } finally {
    // What was there before is the method of all documents.
    Reflect.deleteProperty(document, 'createElement');
  }
};
