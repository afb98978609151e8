/* What htmx does not cover: confirm, toasts, theme, focus, sending once, the month grid. No eval, nothing inline.
   Everything listens on the document, so that what a swap brings in works without being wired up. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  function one(selector, inside) { return (inside || doc).querySelector(selector); }
  function all(selector, inside) { return Array.from((inside || doc).querySelectorAll(selector)); }
  function on(type, handler, capture) { doc.addEventListener(type, handler, capture); }
  function text(key) { return one('#toasts').dataset[key] || ''; }
  function announce(words) { one('#announce').textContent = words; }
  root.classList.add('js');

  /* Toasts: from the server by HX-Trigger {"toast": {level, text}}, or already in the page after a redirect.
     The style sheet lets them fade; errors stay until dismissed. */
  function dismissable(node) {
    var button = doc.createElement('button');
    button.className = 'linkbtn';
    button.type = 'button';
    button.textContent = text('dismiss');
    button.addEventListener('click', function () { node.remove(); });
    node.append(button);
    node.addEventListener('animationend', function () { node.remove(); });
  }
  function toast(level, words) {
    var node = doc.createElement('div');
    var line = doc.createElement('p');
    node.className = 'toast ' + level;
    line.textContent = words;
    node.append(line);
    dismissable(node);
    one('#toasts').append(node);
  }
  on('toast', function (e) { toast(e.detail.level, e.detail.text); });
  on('htmx:sendError', function () { toast('error', text('offline')); });
  on('htmx:timeout', function () { toast('error', text('slow')); });
  on('htmx:responseError', function (e) {
    var known = { 400: 'ended', 401: 'ended', 403: 'denied', 404: 'missing', 429: 'often' };
    var said = (e.detail.xhr.getResponseHeader('HX-Trigger') || '').indexOf('"toast"') >= 0;
    if (!said) toast('error', text(known[e.detail.xhr.status] || 'failed'));
  });

  /* Confirm in a dialog that says what will happen: data-confirm on a form, a button or an htmx element. */
  function ask(el, then) {
    var dialog = one('#confirm');
    var yes = one('#confirm-yes');
    one('#confirm-b').textContent = el.dataset.confirm;
    if (el.dataset.confirmTitle) one('#confirm-t').textContent = el.dataset.confirmTitle;
    if (el.dataset.confirmYes) yes.textContent = el.dataset.confirmYes;
    yes.className = 'btn ' + (el.dataset.confirmTone || 'danger');
    dialog.returnValue = 'no';
    dialog.onclose = function () {
      dialog.onclose = null;
      if (dialog.returnValue === 'yes') then();
    };
    dialog.showModal();
  }
  on('htmx:confirm', function (e) {
    var el = e.detail.elt;
    /* A form was asked when it was submitted, below. */
    if (!el.dataset.confirm || el.matches('form')) return;
    e.preventDefault();
    ask(el, function () { e.detail.issueRequest(true); });
  });

  /* Forms: ask first, then send once. Capture, so that nothing is sent before. */
  on('submit', function (e) {
    var form = e.target;
    var asker = e.submitter && e.submitter.dataset.confirm ? e.submitter : form;
    function stop() { e.preventDefault(); e.stopImmediatePropagation(); }
    if (form.method === 'dialog') return;
    if (form.dataset.sending) return stop();
    if (asker.dataset.confirm && !form.dataset.confirmed) {
      stop();
      return ask(asker, function () {
        form.dataset.confirmed = 'yes';
        form.requestSubmit(e.submitter || undefined);
      });
    }
    delete form.dataset.confirmed;
    delete form.dataset.dirty;
    remember(form);
    if (form.method === 'post' && !form.hasAttribute('hx-post')) sending(form, true);
  }, true);
  function sending(form, busy) {
    /* An answer that is a file leaves the page where it is. */
    if (busy) setTimeout(function () { sending(form, false); }, 20000);
    if (busy) form.dataset.sending = 'yes'; else delete form.dataset.sending;
    all('[type=submit]', form).forEach(function (button) {
      if (busy) button.setAttribute('aria-disabled', 'true'); else button.removeAttribute('aria-disabled');
    });
  }
  window.addEventListener('pageshow', function () { all('form[data-sending]').forEach(function (form) { sending(form, false); }); });

  /* What was typed outlives being led away to confirm who one is. It is kept in this tab, without passwords, until the
     next page that is not the one that asks. */
  function typed(form) {
    return Array.from(form.elements).filter(function (el) {
      return el.name && !/^(hidden|password|file|submit|button)$/.test(el.type);
    });
  }
  function remember(form) {
    if (form.method !== 'post' || !form.id || one('[data-keeps-typed]')) return;
    var values = typed(form).map(function (el) {
      if (el.type === 'checkbox' || el.type === 'radio') return el.checked;
      return el.multiple ? Array.from(el.selectedOptions, function (o) { return o.value; }) : el.value;
    });
    sessionStorage.setItem('typed', JSON.stringify({ path: location.pathname, form: form.id, values: values }));
  }
  function giveBack() {
    var kept = JSON.parse(sessionStorage.getItem('typed') || 'null');
    var asking = one('[data-keeps-typed]');
    sessionStorage.removeItem('typed');
    if (!kept) return;
    if (asking) return sessionStorage.setItem('typed', JSON.stringify(Object.assign(kept, { asked: true })));
    var form = kept.asked && kept.path === location.pathname && doc.getElementById(kept.form);
    var fields = form ? typed(form) : [];
    if (fields.length !== kept.values.length) return;
    fields.forEach(function (el, n) {
      if (el.type === 'checkbox' || el.type === 'radio') el.checked = kept.values[n];
      else if (el.multiple) Array.from(el.options).forEach(function (o) { o.selected = kept.values[n].indexOf(o.value) >= 0; });
      else el.value = kept.values[n];
    });
  }

  /* Unsaved changes. */
  on('input', function (e) {
    var form = e.target.closest && e.target.closest('form[data-guard]');
    if (form) form.dataset.dirty = 'yes';
  });
  window.addEventListener('beforeunload', function (e) {
    if (one('form[data-guard][data-dirty]')) { e.preventDefault(); e.returnValue = ''; }
  });

  /* htmx: CSRF, busy state, thin bar, one request a form. */
  on('htmx:configRequest', function (e) {
    if (e.detail.verb !== 'get') e.detail.headers['X-CSRFToken'] = one('meta[name=csrf-token]').content;
  });
  var open = 0;
  on('htmx:beforeRequest', function (e) {
    var form = e.detail.elt;
    open += 1;
    root.classList.add('is-loading');
    if (form.matches('form[method=post]')) sending(form, true);
    if (e.detail.target) e.detail.target.setAttribute('aria-busy', 'true');
  });
  on('htmx:afterRequest', function (e) {
    open = Math.max(0, open - 1);
    if (!open) root.classList.remove('is-loading');
    /* Going to another page: stay "sending" until it is there. */
    if (e.detail.elt.matches('form') && !e.detail.xhr.getResponseHeader('HX-Redirect')) sending(e.detail.elt, false);
    if (e.detail.target) e.detail.target.removeAttribute('aria-busy');
  });

  /* Focus and announcements after a swap. */
  var keep = null;
  on('htmx:beforeSwap', function (e) {
    var at = doc.activeElement;
    keep = at && at !== doc.body && e.detail.target.contains(at) ? { id: at.id, target: e.detail.target.id } : null;
  });
  function focusNew(node) {
    var wanted = node.matches('[data-autofocus]') ? node : one('[data-autofocus]', node);
    var same = keep && keep.id && doc.getElementById(keep.id);
    var region = keep && doc.getElementById(keep.target);
    if (wanted) wanted.focus();
    else if (keep && doc.activeElement === doc.body) {
      if (same && same.getAttribute('aria-disabled') !== 'true') same.focus();
      else if (region) { region.tabIndex = -1; region.focus({ preventScroll: true }); }
    }
    keep = null;
  }
  on('htmx:afterSettle', function (e) {
    focusNew(e.detail.elt);
    if (e.detail.elt.dataset.announce) announce(e.detail.elt.dataset.announce);
    tables(e.detail.elt);
    all('[data-grid]').forEach(totals);
  });

  /* Tables that become cards on a phone keep their meaning for screen readers. */
  function tables(inside) {
    var roles = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TFOOT: 'rowgroup', TR: 'row', TD: 'cell' };
    all('.stack, .stack *, .grid, .grid *', inside).forEach(function (node) {
      var role = roles[node.tagName] || (node.tagName === 'TH' && (node.scope === 'row' ? 'rowheader' : 'columnheader'));
      if (role) node.setAttribute('role', role);
    });
  }

  /* Clicks: theme, print, copy, show the password, menus. */
  function theme() {
    var dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    doc.cookie = 'theme=' + root.dataset.theme + ';path=/;max-age=31536000;samesite=lax';
  }
  function copy(words) {
    if (navigator.clipboard) navigator.clipboard.writeText(words).then(function () { toast('success', text('copied')); });
  }
  function showPassword(button) {
    var input = one('input', button.parentNode);
    var shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  }
  on('click', function (e) {
    var t = e.target;
    var el;
    if (t.closest('[aria-disabled=true]')) e.preventDefault();
    if (t.closest('[data-theme-toggle]')) theme();
    if (t.closest('[data-print]')) window.print();
    if ((el = t.closest('[data-copy]'))) copy(el.dataset.copy);
    if ((el = t.closest('[data-show-password]'))) showPassword(el);
    all('details.menu[open]').forEach(function (menu) {
      /* The sheet of a phone ends where its shadow begins. */
      if (!menu.contains(t) || t.matches('.pop')) menu.open = false;
    });
  });
  on('keydown', function (e) {
    var menu = e.key === 'Escape' && doc.activeElement.closest('details.menu[open]');
    if (menu) { menu.open = false; one('summary', menu).focus(); }
  });
  on('change', function (e) {
    var form = e.target.closest('form[data-autosubmit]');
    if (form) form.requestSubmit();
  });

  /* The month grid: cells are inputs and selects with the class "cell". */
  function rows(grid) { return all('tbody tr', grid); }
  function cells(row) { return all('.cell', row); }
  function put(cell, words) {
    var value = words.trim();
    if (cell.tagName === 'SELECT') {
      var option = Array.from(cell.options).find(function (o) { return o.value === value || o.text.toLowerCase() === value.toLowerCase(); });
      if (!option) return false;
      value = option.value;
    }
    if (cell.readOnly || cell.disabled || cell.value === value) return false;
    cell.value = value;
    cell.dispatchEvent(new Event('input', { bubbles: true }));
    cell.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  }
  on('paste', function (e) {
    var grid = e.target.closest && e.target.closest('[data-grid]');
    var block = e.clipboardData && e.clipboardData.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '');
    if (!grid || !/[\t\n]/.test(block || '')) return;
    e.preventDefault();
    var lines = rows(grid);
    var top = lines.indexOf(e.target.closest('tr'));
    var left = cells(lines[top]).indexOf(e.target);
    var filled = 0;
    block.split('\n').forEach(function (line, down) {
      line.split('\t').forEach(function (words, right) {
        var cell = lines[top + down] && cells(lines[top + down])[left + right];
        if (cell && put(cell, words)) filled += 1;
      });
    });
    announce(text('filled') + ' ' + filled);
  });
  function step(cell, down, right) {
    var lines = rows(cell.closest('[data-grid]'));
    var line = lines.indexOf(cell.closest('tr'));
    var next = lines[line + down] && cells(lines[line + down])[cells(lines[line]).indexOf(cell) + right];
    if (next) { next.focus(); if (next.select) next.select(); }
    return Boolean(next);
  }
  on('keydown', function (e) {
    var cell = e.target;
    if (!cell.matches || !cell.matches('[data-grid] .cell') || e.altKey || e.ctrlKey || e.metaKey) return;
    var moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [e.shiftKey ? -1 : 1, 0] };
    var move = moves[e.key];
    var typing = cell.type === 'text' && cell.selectionStart === cell.selectionEnd;
    if (e.key === 'Escape') { put(cell, cell.dataset.was || ''); if (cell.select) cell.select(); }
    if (!move) return;
    if (e.key !== 'Enter' && (cell.tagName === 'SELECT' || cell.type === 'date')) return;
    if (e.key === 'ArrowLeft' && typing && cell.selectionStart > 0) return;
    if (e.key === 'ArrowRight' && typing && cell.selectionEnd < cell.value.length) return;
    e.preventDefault();
    step(cell, move[0], move[1]);
  });
  on('focusin', function (e) { if (e.target.matches('[data-grid] .cell')) e.target.dataset.was = e.target.value; });

  /* Running totals, in ten-thousandths so that nothing is lost. What cannot be read counts as nothing. */
  function parts(digits) { return new Intl.NumberFormat(root.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }); }
  function units(words) {
    var clean = words.replace(/\s/g, '').replace(/,(?=\d{3}(\D|$))/g, '').replace(',', '.');
    return /^-?\d+(\.\d*)?$/.test(clean) ? Math.round(Number(clean) * 10000) : 0;
  }
  function totals(grid) {
    all('[data-sum]', grid).forEach(function (sum) {
      var all10000 = all('[data-add="' + sum.dataset.sum + '"]', grid).reduce(function (n, cell) { return n + units(cell.value); }, 0);
      sum.textContent = parts(Number(sum.dataset.digits || 2)).format(all10000 / 10000);
    });
  }
  on('input', function (e) {
    var grid = e.target.closest && e.target.closest('[data-grid]');
    if (grid) totals(grid);
  });

  /* What came back for a row colours the row. */
  on('htmx:oobAfterSwap', function (e) {
    var told = doc.getElementById(e.detail.target.id);
    var row = told && told.dataset.row !== undefined && told.closest('tr');
    if (row && told.dataset.row) row.dataset.state = told.dataset.row;
    else if (row) delete row.dataset.state;
  });

  /* The script is deferred: the page is there. */
  all('.toast').forEach(dismissable);
  giveBack();
  tables(doc);
  all('[data-grid]').forEach(totals);
  all('.tabs [aria-current]').forEach(function (tab) { // on a phone the place one is at may lie outside
    var bar = tab.parentNode;
    bar.scrollLeft += tab.getBoundingClientRect().right - bar.getBoundingClientRect().right + 48;
  });
  var first = one('[data-autofocus]');
  if (first) first.focus();
})();
