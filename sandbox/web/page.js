/* What only the browser can do for the page: keep the keyboard's place, and the reader's.

The page is redrawn from the server. When the element with the focus goes away, the focus goes to
the element with the same `data-focus`, the one that `data-then` names, or the nearest around it
that can take the focus. */
(() => {
  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]'
  let kept = null // the element that has the focus, and everything around it
  let outside = null // the same for the element that had it before a dialog opened
  let isMoving = false // whether it is this script that moves the focus
  const places = new Map() // where the focus was in each view, for when it comes back on top

  const usable = (element) =>
    element && element.matches(FOCUSABLE) && !element.disabled && element.isConnected &&
    element.checkVisibility({ visibilityProperty: true })
  const first = (root, selector) => [...root.querySelectorAll(selector)].find(usable)
  const keyed = (key) => {
    const found = document.querySelector(`[data-focus="${CSS.escape(key)}"]`)
    return !found || usable(found) ? found : first(found, FOCUSABLE)
  }

  function* heirs({ around }) {
    for (const one of around) {
      yield one
      if (one.dataset.focus) yield keyed(one.dataset.focus)
      if (one.dataset.then) yield document.getElementById(one.dataset.then)
      if (one.matches('details')) yield one.querySelector('summary')
      if (one.matches('dialog[open]')) yield first(one, '.modal-body, .dialog-buttons *')
      if (one.matches('dialog[open]')) yield first(one, FOCUSABLE)
    }
  }

  function restore() {
    if (document.activeElement !== document.body || !kept || usable(kept.around[0])) return
    const candidates = [kept, outside].flatMap((one) => (one ? [...heirs(one)] : []))
    const heir = candidates.find(usable) ?? document.querySelector('main')
    // A whole message or conversation is where it is: only a control is brought into view.
    isMoving = true
    heir?.focus({ preventScroll: heir.tabIndex < 0 || heir.matches('.scroller') })
    isMoving = false
  }

  document.addEventListener('focusin', ({ target }) => {
    const around = []
    for (let one = target; one && one !== document.body; one = one.parentElement) around.push(one)
    const dialog = target.closest('dialog')
    if (dialog && !kept?.dialog) outside = kept
    kept = { around, dialog }
    const key = target.closest('[data-focus]')?.dataset.focus
    if (dialog?.dataset.view && key && !isMoving) places.set(dialog.dataset.view, key)
  })
  document.addEventListener('focusout', (event) => {
    if (event.relatedTarget) return
    setTimeout(() => {
      if (document.activeElement !== document.body || !kept) return
      if (usable(kept.around[0])) kept = null // somebody clicked beside it
      else restore()
    })
  })
  new MutationObserver(restore).observe(document.documentElement, {
    attributeFilter: ['class', 'disabled', 'hidden', 'open', 'style'],
    attributes: true, childList: true, subtree: true,
  })

  /* Open a dialog as soon as it shows a view, and put the focus where it was when the view was on
  top before, onto its first field if that is in sight, or onto the title. */
  window.enterDialog = (id, view, tries = 50) => {
    const dialog = document.getElementById(id)
    if (dialog?.dataset.view !== view) {
      if (tries) setTimeout(() => enterDialog(id, view, tries - 1), 10)
      return
    }
    if (!dialog.open) dialog.showModal()
    const known = places.get(view)
    const body = dialog.querySelector('.modal-body')
    const field = first(body, 'input, select, textarea, summary.field')
    const end = body.getBoundingClientRect().bottom
    const isSeen = field?.getBoundingClientRect().bottom <= end
    const chosen = [known && keyed(known), isSeen && field, dialog.querySelector('h2')]
    chosen.find(usable)?.focus()
  }

  /* Close a dialog; `onClosed` tells this from the browser's own doing. */
  window.leaveDialog = (id) => {
    const dialog = document.getElementById(id)
    if (!dialog?.open) return
    dialog.dataset.left = 'yes'
    dialog.close()
  }
  window.onClosed = (event, emit) => {
    if (event.target.dataset.left) delete event.target.dataset.left
    else emit()
  }

  /* Show a form from its top: what it says about the last press stands there. */
  window.toTop = (id) => {
    const body = document.getElementById(id)?.querySelector('.modal-body')
    if (body) body.scrollTop = 0
  }

  /* Put the focus onto a field, or onto the first control of a group. */
  window.enterField = (id) => {
    const field = document.getElementById(id)
    const found = usable(field) ? field : field && first(field, FOCUSABLE)
    found?.focus()
  }

  window.writeInto = (id, text) => {
    const field = document.getElementById(id)
    if (field) field.value = text
  }

  /* Close a menu that the focus leaves. With a pointer not before it is released: what moves up when
  the menu folds would slip away from under it, and the click be lost. */
  let isPointed = false
  document.addEventListener('pointerdown', () => (isPointed = true), true)
  for (const kind of ['pointerup', 'pointercancel']) {
    document.addEventListener(kind, () => (isPointed = false), true)
  }
  window.closeWhenLeft = (event) => {
    const menu = event.currentTarget
    if (menu.contains(event.relatedTarget)) return
    const close = () => {
      if (!menu.contains(document.activeElement)) menu.open = false
    }
    if (!isPointed) close()
    else document.addEventListener('pointerup', () => setTimeout(close, 50), { once: true })
  }

  /* Scroll to the newest message. Unless `always`, only a reader who is at the end is taken along. */
  window.showNewest = (id, always) => {
    const scroller = document.getElementById(id)
    if (scroller && (always || Math.abs(scroller.scrollTop) < 8)) scroller.scrollTop = 0
  }
})()
