"""Collects the browser's files into build/static under names that carry their hash, and makes the documents' fonts.

Third-party files come from node_modules and are never kept in the repository. Writes, all below build/:
static/<name>.<hash>.<ext> with a .gz beside what compresses, static/manifest.json (plain name -> hashed name),
icons.json (Lucide name -> the shapes of its SVG) and fonts/Inter-*.ttf for the PDF compiler.
"""

import gzip
import hashlib
import json
import re
import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
INTER = MODULES / "@fontsource-variable" / "inter" / "files"
COMPRESSED = {"css", "js", "json", "svg"}
SUBSETS = ("latin", "latin-ext")
WEIGHTS = {"Regular": 400, "SemiBold": 600}


class Missing(Exception):
    """Something that a page asks for does not exist."""


def collect(ui: Path, out: Path) -> tuple[int, int]:
    """Fill `out` with static files and icons from the folder `ui`; answers how many of each. Raises Missing."""
    static = out / "static"
    static.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, str] = {}
    for name, content in sources(ui).items():
        body = stylesheet(content.decode(), manifest).encode() if name.endswith(".css") else content
        manifest[name] = emit(static, name, body)
    write(static / "manifest.json", manifest)
    sweep(static, {"manifest.json", *manifest.values()})
    names = listed(ui / "icons.txt")
    write(out / "icons.json", icons(names))
    return len(manifest), len(names)


def sources(ui: Path) -> dict[str, bytes]:
    """The files by plain name; the stylesheet comes last, because it names the others."""
    found = {f"inter-{subset}.woff2": woff2(subset).read_bytes() for subset in SUBSETS}
    found["htmx.js"] = (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    found |= {own.name: script(own.read_text()).encode() for own in sorted(ui.glob("*.js"))}
    found |= {picture.name: picture.read_bytes() for picture in sorted((ui / "images").glob("*"))}
    found["app.css"] = b"\n".join(sheet.read_bytes() for sheet in sorted((ui / "css").glob("*.css")))
    return found


def woff2(subset: str) -> Path:
    """The variable Inter of a part of the alphabet."""
    return INTER / f"inter-{subset}-wght-normal.woff2"


def stylesheet(text: str, manifest: dict[str, str]) -> str:
    """CSS without comments and indentation, with `url(asset:NAME)` pointing at the hashed file. Raises Missing."""

    def address(found: re.Match[str]) -> str:
        if found[1] not in manifest:
            raise Missing(f"the stylesheet asks for asset:{found[1]}, which does not exist")
        return f"url({manifest[found[1]]})"

    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"url\(asset:([^)]+)\)", address, bare)).strip() + "\n"


def script(text: str) -> str:
    """JavaScript without the remarks that stand on lines of their own and without indentation."""
    bare = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\n\s+", "\n", bare)


def emit(folder: Path, name: str, content: bytes) -> str:
    """Write a file under its hashed name, which is the answer."""
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (folder / hashed).write_bytes(content)
    if ending in COMPRESSED:
        (folder / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return hashed


def sweep(folder: Path, kept: set[str]) -> None:
    """Remove what earlier builds left: only now, so that a running server always finds its files."""
    for path in folder.iterdir():
        if path.name.removesuffix(".gz") not in kept:
            path.unlink()


def listed(path: Path) -> list[str]:
    """The icon names of a file, one a line; `#` begins a remark."""
    lines = path.read_text().splitlines() if path.exists() else []
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def icons(names: list[str]) -> dict[str, str]:
    """The shapes of each icon. Raises Missing with all unknown names."""
    lucide = json.loads((MODULES / "@iconify-json" / "lucide" / "icons.json").read_text())
    drawn, aliases = lucide["icons"], lucide.get("aliases", {})
    real = {name: name if name in drawn else aliases.get(name, {}).get("parent") for name in names}
    if unknown := [name for name, known in real.items() if known not in drawn]:
        raise Missing(f"app/ui/icons.txt names icons that Lucide does not have: {', '.join(unknown)}")
    return {name: drawn[known]["body"] for name, known in real.items()}


def fonts(out: Path) -> None:
    """Make the static TrueType files from the variable web fonts; the PDF compiler reads neither WOFF2 nor weights."""
    out.mkdir(parents=True, exist_ok=True)
    for style, weight in WEIGHTS.items():
        parts = [out / f"{style}-{subset}.part" for subset in SUBSETS]
        for part, subset in zip(parts, SUBSETS, strict=True):
            instance(woff2(subset), weight).save(part)
        whole = Merger().merge([str(part) for part in parts])
        rename(whole, style, weight)
        whole.save(out / f"Inter-{style}.ttf")
        for part in parts:
            part.unlink()


def instance(path: Path, weight: int) -> TTFont:
    """The font at one weight, as TrueType."""
    font = TTFont(path, recalcTimestamp=False)
    font.flavor = None
    return instantiateVariableFont(font, {"wght": weight})


def rename(font: TTFont, style: str, weight: int) -> None:
    """Give the file its own name and weight, so that the compiler tells the two apart."""
    family = "Inter"
    words = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}", 16: family, 17: style}
    for number, word in words.items():
        font["name"].setName(word, number, 3, 1, 0x409)
        font["name"].setName(word, number, 1, 0, 0)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x80 | (0x40 if style == "Regular" else 0)  # keep the typographic line height
    font["head"].macStyle = 0


def write(path: Path, content: dict[str, str]) -> None:
    """Write JSON in one step: a page that reads it meanwhile sees the old one or the new one."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=1, sort_keys=True))
    fresh.replace(path)


def main() -> None:
    """Build everything; the fonts only once, they depend on the package alone."""
    build = ROOT / "build"
    try:
        files, drawn = collect(ROOT / "app" / "ui", build)
    except Missing as fault:
        sys.exit(f"assets: {fault}")
    stamp, version = build / "fonts" / ".version", (INTER.parent / "package.json").read_text()
    made = hashlib.sha256((version + Path(__file__).read_text()).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != made:
        fonts(build / "fonts")
        stamp.write_text(made)
    print(f"assets: {files} files, {drawn} icons")


if __name__ == "__main__":
    main()
