#!/bin/sh
# Makes a disk image of the program: package.sh APP TARGET, called by packaging/build.py --dmg.
#
# Signing and notarizing happen when the environment says with what:
#   CNN_STUDIO_SIGN      name of a "Developer ID Application" certificate in the keychain
#   CNN_STUDIO_NOTARY    name of a profile that `xcrun notarytool store-credentials` has kept
set -eu
app=$1 target=$2
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

if [ -n "${CNN_STUDIO_SIGN:-}" ]; then
    # From the inside out: libraries first, the program last.
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) -print0 |
        xargs -0 -n 50 codesign --force --timestamp --options runtime --sign "$CNN_STUDIO_SIGN"
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$CNN_STUDIO_SIGN" "$app"
    codesign --verify --deep --strict "$app"
fi

rm -f "$target"
python3 -m dmgbuild -s "$here/image.py" -D app="$app" "CNN Studio" "$target"

if [ -n "${CNN_STUDIO_SIGN:-}" ] && [ -n "${CNN_STUDIO_NOTARY:-}" ]; then
    codesign --timestamp --sign "$CNN_STUDIO_SIGN" "$target"
    xcrun notarytool submit "$target" --keychain-profile "$CNN_STUDIO_NOTARY" --wait
    xcrun stapler staple "$target"
fi
