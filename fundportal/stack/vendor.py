"""Lay the chosen front-end files from `node_modules` in `static/vendor`, and build the theme and the icon sprite.

`python -m fundportal.stack.vendor [node]` after `npm ci`. Nothing of this is committed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = Path(__file__).with_name("icons.txt")
INPUTS = (ROOT / "package-lock.json", ROOT / "designsystemet.config.json", ICONS, Path(__file__))
SANS, SERIF = "@fontsource/source-sans-3/files/source-sans-3", "@fontsource/source-serif-4/files/source-serif-4"
VARIABLE = "@fontsource-variable/source-sans-3/files/source-sans-3"
FILES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "fonts/source-sans-3-latin.woff2": f"{VARIABLE}-latin-wght-normal.woff2",
    "fonts/source-sans-3-latin-ext.woff2": f"{VARIABLE}-latin-ext-wght-normal.woff2",
    "fonts/source-sans-3-latin-italic.woff2": f"{VARIABLE}-latin-wght-italic.woff2",
    "fonts/source-serif-4-600.woff2": f"{SERIF}-latin-600-normal.woff2",
    # fixed weights for PDF
    "fonts/pdf/source-sans-3-400.woff2": f"{SANS}-latin-400-normal.woff2",
    "fonts/pdf/source-sans-3-400-italic.woff2": f"{SANS}-latin-400-italic.woff2",
    "fonts/pdf/source-sans-3-600.woff2": f"{SANS}-latin-600-normal.woff2",
    "fonts/pdf/source-sans-3-ext-400.woff2": f"{SANS}-latin-ext-400-normal.woff2",
    "fonts/pdf/source-sans-3-ext-600.woff2": f"{SANS}-latin-ext-600-normal.woff2",
    "fonts/pdf/source-serif-4-600.woff2": f"{SERIF}-latin-600-normal.woff2",
}
LICENSE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE.txt")


def fingerprint() -> str:
    """Hash everything the vendored files are made from."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in INPUTS)).hexdigest()


def is_current() -> bool:
    """Tell whether what lies in `static/vendor` is made from what is in the repository now."""
    made = VENDOR / "VENDOR.json"
    return made.is_file() and json.loads(made.read_text())["made_from"] == fingerprint()


def theme(node: str, work: Path) -> str:
    """Generate the theme's CSS; its dark values hold on screens only, since paper is always light."""
    shutil.copyfile(ROOT / "designsystemet.config.json", work / "designsystemet.config.json")
    program = str(MODULES / "@digdir/designsystemet/dist/bin/designsystemet.js")
    for step in (["create"], ["build", "--clean"]):
        done = subprocess.run([node, program, "tokens", *step], cwd=work, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"Temat kunde inte byggas: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    css = (work / "design-tokens-build" / "fondportalen.css").read_text()
    css, auto = re.subn(r"@media \(prefers-color-scheme: dark\)", "@media screen and (prefers-color-scheme: dark)", css)
    css, chosen = re.subn(
        r'(@layer ds\.theme\.color-scheme\.dark\s*\{\s*)(\[data-color-scheme="dark"\]\s*\{.*?\n\})',
        r"\1@media screen {\2}",
        css,
        count=1,
        flags=re.DOTALL,
    )
    if (auto, chosen) != (1, 1):
        raise SystemExit(f"Temafilen har bytt form ({auto}, {chosen}): se över vendor.py innan uppgradering.")
    return css


def sprite() -> str:
    """Gather the icons named in `icons.txt` into one SVG sprite."""
    symbols = []
    for name in sorted(set(ICONS.read_text().split())):
        drawn = MODULES / "@navikt/aksel-icons/dist/svg" / f"{name}.svg"
        if not drawn.is_file():
            raise SystemExit(f"Ikonen {name} i icons.txt finns inte i @navikt/aksel-icons.")
        inner = re.sub(r"</?svg[^>]*>", "", drawn.read_text()).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def package_of(path: str) -> str:
    """Name the npm package a file belongs to."""
    return "/".join(path.split("/")[: 2 if path.startswith("@") else 1])


def licences(out: Path) -> dict[str, dict[str, str]]:
    """Copy each package's licence and return its version and licence's name."""
    (out / "licenses").mkdir()
    found = {}
    for name in sorted(
        {package_of(path) for path in FILES.values()} | {"@navikt/aksel-icons", "@digdir/designsystemet"}
    ):
        package = json.loads((MODULES / name / "package.json").read_text())
        found[name] = {"version": package["version"], "license": package["license"]}
        for text in (MODULES / name / candidate for candidate in LICENSE_NAMES):
            if text.is_file():
                shutil.copyfile(text, out / "licenses" / (name.replace("/", "__") + ".txt"))
    return found


def build(node: str) -> int:
    """Build everything beside the old files, then put it in their place; return how many files there are."""
    VENDOR.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=VENDOR.parent) as temporary:
        out, work = Path(temporary) / "new", Path(temporary) / "work"
        out.mkdir()
        work.mkdir()
        for target, source in FILES.items():
            (out / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(MODULES / source, out / target)
        (out / "theme.css").write_text(theme(node, work))
        (out / "icons.svg").write_text(sprite())
        packages = licences(out)
        files = {
            str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }
        facts = {"made_from": fingerprint(), "packages": packages, "files": files}
        (out / "VENDOR.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
        if VENDOR.exists():
            VENDOR.rename(Path(temporary) / "old")
        out.rename(VENDOR)
    VENDOR.chmod(0o755)
    return len(files)


if __name__ == "__main__":
    print(f"static/vendor: {build(sys.argv[1] if len(sys.argv) > 1 else 'node')} filer")
