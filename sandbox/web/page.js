/* What only the browser can do for the page: keep the keyboard's place, and the reader's.

The page is redrawn from the server. Whatever had the focus and went away hands it to what stands
for it now: an element with the same `data-focus`, the one that `data-then` names, or the nearest
around it that can take the focus. */
(() => {
  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]'
  const FIELDS = 'input, select, textarea, summary.field'
  let kept = null // what has the focus, and everything around it
  let outside = null // the same for what had it before a dialog opened
  let isMoving = false // whether it is this script that moves the focus
  const places = new Map() // where the focus was in each view, for when it comes back on top

  const usable = (element) =>
    element && element.matches(FOCUSABLE) && !element.disabled && element.isConnected &&
    element.checkVisibility({ visibilityProperty: true })
  const usables = (root, selector) => [...root.querySelectorAll(selector)].filter(usable)
  /* What goes by a key now: the element, or the control in it. */
  const keyed = (key) => {
    const found = document.querySelector(`[data-focus="${CSS.escape(key)}"]`)
    return !found || usable(found) ? found : usables(found, FOCUSABLE)[0]
  }

  function remember(element) {
    const around = []
    for (let one = element; one && one !== document.body; one = one.parentElement) around.push(one)
    const dialog = element.closest('dialog')
    if (dialog && !kept?.dialog) outside = kept
    const index = dialog ? usables(dialog, FOCUSABLE).indexOf(element) : -1
    kept = { around, dialog, index }
    const key = element.closest('[data-focus]')?.dataset.focus
    if (dialog?.dataset.view && key && !isMoving) places.set(dialog.dataset.view, key)
  }

  function* heirs({ around, index }) {
    for (const one of around) {
      yield one
      if (one.dataset.focus) yield keyed(one.dataset.focus)
      if (one.dataset.then) yield document.getElementById(one.dataset.then)
      if (one.matches('details')) yield one.querySelector('summary')
      if (one.matches('dialog[open]')) {
        const left = usables(one, FOCUSABLE)
        yield left[Math.min(index, left.length - 1)]
      }
    }
  }

  function restore() {
    if (document.activeElement !== document.body || !kept || usable(kept.around[0])) return
    let heir = null
    for (const one of [kept, outside]) {
      for (const candidate of one ? heirs(one) : []) {
        if (usable(candidate)) heir ??= candidate
        if (heir) break
      }
    }
    heir ??= document.querySelector('main')
    if (!heir) return
    // A whole message or conversation is where it is: only a control is brought into view.
    isMoving = true
    heir.focus({ preventScroll: heir.tabIndex < 0 || heir.matches('.scroller') })
    isMoving = false
  }

  document.addEventListener('focusin', (event) => remember(event.target))
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
    attributes: true,
    childList: true,
    subtree: true,
  })

  /* Open a dialog as soon as it shows a view, and put the focus into it: where it was when the view
  was on top before, onto the first field, or onto the title. A form opens at its top, so a first
  field further down does not get the focus. */
  window.enterDialog = (id, view, tries = 50) => {
    const dialog = document.getElementById(id)
    if (dialog?.dataset.view !== view) {
      if (tries) setTimeout(() => enterDialog(id, view, tries - 1), 10)
      return
    }
    if (!dialog.open) dialog.showModal()
    const known = places.get(dialog.dataset.view)
    const fields = usables(dialog, `.modal-body :is(${FIELDS})`)
    const asked = fields.find((field) => field.hasAttribute('autofocus'))
    const end = dialog.querySelector('.modal-body').getBoundingClientRect().bottom
    const first = fields[0]?.getBoundingClientRect().bottom <= end ? fields[0] : null
    const chosen = [known && keyed(known), asked, first, dialog.querySelector('h2')]
    chosen.find(usable)?.focus()
  }

  /* Show a form from its top: what it says about the last press stands there. */
  window.toTop = (id) => {
    const body = document.getElementById(id)?.querySelector('.modal-body')
    if (body) body.scrollTop = 0
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

  /* Close a dialog; `onClosed` tells this from the browser's own doing. */
  window.leaveDialog = (id) => {
    const dialog = document.getElementById(id)
    if (!dialog?.open) return
    dialog.dataset.left = 'yes'
    dialog.close()
  }

  /* The browser closes a dialog by itself when Escape is pressed again and again. */
  window.onClosed = (event, emit) => {
    if (event.target.dataset.left) delete event.target.dataset.left
    else emit()
  }

  /* Put the focus onto a field, or onto the first control of a group. */
  window.enterField = (id) => {
    const field = document.getElementById(id)
    const found = usable(field) ? field : field && usables(field, FOCUSABLE)[0]
    found?.focus()
  }

  /* Show the newest message from its start, or all of the end. Unless `always`, only a reader who
  is at the end is taken along. */
  window.showNewest = (id, always) => {
    const scroller = document.getElementById(id)
    const isAtEnd = scroller && (scroller.dataset.follows || Math.abs(scroller.scrollTop) < 8)
    if (!scroller || (!always && !isAtEnd)) return
    scroller.dataset.follows = 'yes'
    scroller.scrollTop = 0
    const newest = [...scroller.querySelectorAll('.message-frame')].at(-1)
    if (newest && newest.offsetHeight > scroller.clientHeight) {
      newest.scrollIntoView({ block: 'start' })
    }
  }

  /* Whoever moves about in a conversation is not taken along any more, unless to its very end. */
  for (const kind of ['keydown', 'pointerdown', 'touchmove', 'wheel']) {
    const leave = (event) => delete event.target.closest?.('.scroller')?.dataset.follows
    document.addEventListener(kind, leave, { passive: true })
  }

  /* Keep what is read where it is while messages come and go above or below it. */
  window.holdPlace = (scroller) => {
    const top = scroller.getBoundingClientRect().top
    // Not the first one of all: its day and author are named anew once others stand before it.
    const read = [...scroller.querySelectorAll('.message')].slice(1).find(
      (one) => one.getBoundingClientRect().bottom > top + 40)
    if (!read) return
    let before = read.getBoundingClientRect().top
    const scrolled = () => (before = read.getBoundingClientRect().top)
    const letGo = () => {
      changes.disconnect()
      scroller.removeEventListener('scroll', scrolled)
    }
    const changes = new MutationObserver(() => {
      letGo() // all comes at once
      if (read.isConnected) scroller.scrollTop += read.getBoundingClientRect().top - before
    })
    changes.observe(scroller, { childList: true, subtree: true })
    scroller.addEventListener('scroll', scrolled)
    setTimeout(letGo, 20000)
  }
})()
