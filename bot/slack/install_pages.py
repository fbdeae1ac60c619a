"""The pages that a browser shows when somebody installs Attune, in plain HTML.

They are in the current language; texts are HTML.
"""

from html import escape
from importlib import resources
from string import Template
from typing import Final
from urllib.parse import quote

from bot.languages import _, current_language, marked

INSTALL_PATH: Final = "/slack/install"
_REASONS: Final = {
    "access_denied": (
        marked("Nothing was installed"),
        marked(
            "Somebody pressed <em>Cancel</em> on Slack's page. Attune has read and stored nothing."
        ),
    ),
    "invalid_browser": (
        marked("This installation began in another browser"),
        marked(
            "Nothing was installed. Start and finish in the same browser, with cookies allowed."
        ),
    ),
    "invalid_state": (
        marked("This installation took too long"),
        marked(
            "Nothing was installed. Slack's page waits ten minutes for you; start again to get "
            "a new one."
        ),
    ),
    "invalid_code": (
        marked("Slack did not confirm the installation"),
        marked(
            "Nothing was installed. This happens when the page is loaded a second time, or when "
            "<code>SLACK_CLIENT_ID</code> and <code>SLACK_CLIENT_SECRET</code> are not those of "
            "this app. If starting again does not help, ask whoever runs Attune to check them."
        ),
    ),
    "unavailable": (
        marked("Attune could not finish the installation"),
        marked(
            "Its database or Slack did not answer. Wait a minute, then start again. If it happens "
            "again, ask whoever runs Attune to look at its log."
        ),
    ),
}
_OTHERS: Final = (
    marked("Slack did not allow the installation"),
    marked(
        "Nothing was installed. Your workspace may want an administrator's approval for new apps: "
        "ask one of them, then start again."
    ),
)


def begin(url: str) -> str:
    """Return the page that leads to Slack's own, at `url`."""
    return _page(
        _("Add Attune to Slack"),
        _paragraph(
            _(
                "Attune asks people one or two short questions at a good moment, and shows honest "
                "figures of groups, never of a person."
            )
        ),
        _paragraph(
            _(
                "Slack shows next what Attune may do, and asks for your consent. After that Attune "
                "reads the list of members. It asks nobody anything before HR starts a survey."
            )
        ),
        _button(_("Continue to Slack"), url),
    )


def installed(name: str, workspace_id: str, app_id: str) -> str:
    """Return the page after the installation in one workspace."""
    return _page(
        _("Attune is installed in {name}").format(name=name),
        _steps(
            _("Attune reads the list of members now. That takes a minute or two."),
            _who_is_hr(),
            _(
                "HR writes the first survey with <code>/pulse new</code>. Nobody is asked anything "
                "before."
            ),
        ),
        _button(
            _("Open Attune in Slack"),
            f"slack://app?team={quote(workspace_id)}&id={quote(app_id)}&tab=home",
        ),
    )


def installed_for_organisation(name: str, organisation_id: str, app_id: str) -> str:
    """Return the page after the installation for an organisation: it still lacks workspaces.

    https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
    """
    return _page(
        _("Attune is installed for {name}").format(name=name),
        _paragraph(_("One step is left: choose the workspaces that take part.")),
        _steps(
            _(
                "Add Attune to these workspaces on Slack's page. Each has its own HR, surveys and "
                "figures."
            ),
            _("Attune then reads the list of members of each. That takes a few minutes."),
            _who_is_hr(),
        ),
        _button(
            _("Choose workspaces"),
            f"https://app.slack.com/manage/{quote(organisation_id)}/integrations/profile/"
            f"{quote(app_id)}/workspaces/add",
        ),
    )


def failed(reason: str) -> str:
    """Return the page for an installation that failed, by Bolt's or Slack's reason.

    https://docs.slack.dev/authentication/installing-with-oauth
    """
    reason = {"missing_code": "invalid_code", "storage_error": "unavailable"}.get(reason, reason)
    title, said = _REASONS.get(reason, _OTHERS)
    return _page(_(title), _paragraph(_(said)), _button(_("Start again"), INSTALL_PATH))


def _who_is_hr() -> str:
    return _(
        "The people named in <code>ATTUNE_ADMINS</code>, or the workspace's owner, say who HR is "
        "with <code>/pulse admins</code>."
    )


def _paragraph(content: str) -> str:
    return f"<p>{content}</p>"


def _steps(*steps: str) -> str:
    return f"<ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"


def _button(label: str, url: str) -> str:
    return _paragraph(f'<a class="button" href="{escape(url)}">{label}</a>')


def _page(title: str, *content: str) -> str:
    page = resources.files(__package__).joinpath("install_page.html").read_text("utf-8")
    return Template(page).substitute(
        language=current_language().replace("_", "-"),
        title=escape(title),
        content="\n".join(content),
    )
