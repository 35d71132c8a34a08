"""The generated district: an invented place with known truth, so that every claim can be measured by anyone.

``generator.write`` makes its files, ``truth`` says what is really so, ``definition`` holds the shares it is made by,
and ``lives`` plays its life through the rooms' actions. Nothing here but ``lives`` knows Django.
"""
