"""What the program for macOS says of itself to the system: Info.plist."""

from __future__ import annotations

from typing import Any

from cnn_studio import __version__ as VERSION
from cnn_studio.core.project import SUFFIX
from cnn_studio.i18n import languages

IDENTIFIER = "org.cnnstudio.CNNStudio"
FILE_TYPE = "org.cnnstudio.network"

INFORMATION: dict[str, Any] = {
    "CFBundleDisplayName": "CNN Studio",
    "CFBundleShortVersionString": VERSION,
    "CFBundleLocalizations": list(languages()),
    "NSHighResolutionCapable": True,
    "NSRequiresAquaSystemAppearance": False,
    "LSApplicationCategoryType": "public.app-category.education",
    "CFBundleDocumentTypes": [
        {
            "CFBundleTypeName": "Network of CNN Studio",
            "CFBundleTypeRole": "Editor",
            "CFBundleTypeIconFile": "document.icns",
            "LSHandlerRank": "Owner",
            "LSItemContentTypes": [FILE_TYPE],
        }
    ],
    "UTExportedTypeDeclarations": [
        {
            "UTTypeIdentifier": FILE_TYPE,
            "UTTypeDescription": "Network of CNN Studio",
            "UTTypeIconFile": "document.icns",
            "UTTypeConformsTo": ["public.data"],
            "UTTypeTagSpecification": {"public.filename-extension": [SUFFIX.lstrip(".")]},
        }
    ],
}
