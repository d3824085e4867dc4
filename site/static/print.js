// Paper is white: a dark page turns light while it is printed.
const root = document.documentElement.dataset
let shown
addEventListener('beforeprint', () => { shown = root.theme; root.theme = 'light' })
addEventListener('afterprint', () => { root.theme = shown })
