; The setup program for Windows, for Inno Setup 6. packaging/build.py --installer gives the command and defines
; Version, Built (the folder that PyInstaller made), Icons and Output.

#define Name "CNN Studio"
#define Program "CNN Studio.exe"

[Setup]
AppId={{6A5B0B62-6C0E-4B86-9E0B-0C7A6E1D51F4}
AppName={#Name}
AppVersion={#Version}
AppPublisher=CNN Studio contributors
VersionInfoVersion={#Version}
; Each person installs for themselves, without the right of an administrator; /ALLUSERS asks for it.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
DefaultDirName={autopf}\{#Name}
DisableProgramGroupPage=yes
DisableDirPage=auto
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
LicenseFile=..\..\LICENSE
SetupIconFile={#Icons}\cnn-studio.ico
UninstallDisplayIcon={app}\{#Program}
UninstallDisplayName={#Name}
OutputDir={#Output}
OutputBaseFilename=cnn-studio-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"

[CustomMessages]
en.FileType=Network of CNN Studio
es.FileType=Red de CNN Studio

[Tasks]
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; Files of an earlier version that this one no longer has must not be found by it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Built}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "{#Icons}\document.ico"; DestDir: "{app}"; Flags: ignoreversion
Source: "..\..\LICENSE"; DestDir: "{app}"; DestName: "LICENSE.txt"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}"; AppUserModelID: "CNNStudio.CNNStudio"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\.cnnstudio\OpenWithProgids"; ValueType: string; ValueName: "CNNStudio.Network"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.cnnstudio"; ValueType: string; ValueName: ""; ValueData: "CNNStudio.Network"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\CNNStudio.Network"; ValueType: string; ValueName: ""; ValueData: "{cm:FileType}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\CNNStudio.Network\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\document.ico"
Root: HKA; Subkey: "Software\Classes\CNNStudio.Network\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\{#Program}"" ""%1"""

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

; What the person made (settings, runs, drawings) is in their own folders, and stays when the program goes.
